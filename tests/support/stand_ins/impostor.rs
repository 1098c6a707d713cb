use http::{HeaderValue, StatusCode};

use super::stand::{Stand, answer};

/// Something that answers in place of AWS: the same to every call, with a request id.
pub(crate) struct Impostor(Stand);

impl Impostor {
    pub(crate) fn start(status: u16, body: String) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self(Stand::start(move |_| {
            let mut response = answer(status, body.clone());
            let headers = response.headers_mut();
            headers.insert("x-amzn-requestid", HeaderValue::from_static("0a1b2c3d"));
            headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
            response
        }))
    }

    /// The address, for `endpoints`.
    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// How many calls it has answered.
    pub(crate) fn calls(&self) -> usize {
        self.0.heard().len()
    }
}
