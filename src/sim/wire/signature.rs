use bytes::Bytes;
use http::Request;

use super::header;
use crate::sim::refusal::Refusal;

/// The credential scope of a SigV4 `Authorization` header.
pub(super) struct Scope {
    pub(super) access_key: String,
    pub(super) region: String,
    pub(super) service: String,
}

impl Scope {
    /// That of a request without a signature, which STS serves from its global endpoint.
    pub(super) fn absent() -> Self {
        let text = |text: &str| text.to_owned();
        Self { access_key: text(""), region: text("aws-global"), service: text("sts") }
    }

    /// # Errors
    /// The refusals of AWS for requests that are unsigned or badly signed.
    pub(super) fn read(request: &Request<Bytes>) -> Result<Self, Refusal> {
        let incomplete = |message: &str| Refusal::new("IncompleteSignatureException", message);
        let Some(authorization) = header(request, "authorization") else {
            return Err(Refusal::new(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            ));
        };
        let Some(parameters) = authorization.strip_prefix("AWS4-HMAC-SHA256 ") else {
            return Err(incomplete(
                "Authorization header requires the 'AWS4-HMAC-SHA256' algorithm.",
            ));
        };
        let parameter = |name: &str| {
            let mut pairs = parameters.split(',').filter_map(|pair| pair.trim().split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
                .filter(|value| !value.is_empty())
        };
        let missing: Vec<String> = ["Credential", "SignedHeaders", "Signature"]
            .iter()
            .filter(|name| parameter(name).is_none())
            .map(|name| format!("Authorization header requires '{name}' parameter."))
            .collect();
        if !missing.is_empty() {
            return Err(incomplete(&missing.join(" ")));
        }
        if header(request, "x-amz-date").is_none() && header(request, "date").is_none() {
            return Err(incomplete(
                "Authorization header requires a 'X-Amz-Date' or a 'Date' header.",
            ));
        }
        let credential = parameter("Credential").unwrap_or_default();
        match credential.split('/').collect::<Vec<_>>()[..] {
            [key, date, region, service, "aws4_request"]
                if !key.is_empty()
                    && date.len() == 8
                    && is_region(region)
                    && !service.is_empty() =>
            {
                Ok(Self { access_key: key.into(), region: region.into(), service: service.into() })
            }
            _ => Err(incomplete(&format!(
                "Credential must have 5 parts, ending in 'aws4_request': '{credential}'."
            ))),
        }
    }
}

fn is_region(text: &str) -> bool {
    (1..=31).contains(&text.len())
        && text.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase())
}
