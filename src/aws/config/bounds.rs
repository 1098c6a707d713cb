//! Bounds the memory that an answer can take, before the SDK parses it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, InterceptorContext,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use futures_util::StreamExt;
use http_body_util::{BodyStream, StreamBody};
use hyper::body::Frame;

use crate::aws::error::causes::find;
use crate::aws::operations::{Size, size};

/// How much of an error is read, in bytes. An error of AWS has a code and some sentences; a proxy can
/// send a page of its own, whose end nobody needs.
const MOST_ERROR: usize = 256 * 1024;

/// The answer is not one of AWS.
#[derive(Debug, thiserror::Error)]
#[error("the answer is larger than any answer of AWS to this call, so it is not from AWS")]
struct TooLarge;

/// Ends an answer at the size of its operation, and cuts an error, while they are received.
#[derive(Debug)]
pub(in crate::aws) struct Bounded;

impl Intercept for Bounded {
    fn name(&self) -> &'static str {
        "bound the size of answers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = bag.load::<Metadata>().map_or("", Metadata::name);
        let response = context.response_mut();
        let is_error = !response.status().is_success();
        let body = response.take_body();
        *response.body_mut() = if is_error { cut(body) } else { bounded(body, size(operation)) };
        Ok(())
    }
}

/// A body that fails with [`TooLarge`] as soon as it is.
fn bounded(body: SdkBody, size: Size) -> SdkBody {
    let mut meter = Meter::default();
    let frames = BodyStream::new(body).map(move |frame| {
        let frame = frame?;
        meter.add(frame.data_ref().map_or(&[], |data| data), size)?;
        Ok::<_, BoxError>(frame)
    });
    SdkBody::from_body_1_x(StreamBody::new(frames))
}

/// A body that ends after [`MOST_ERROR`] bytes.
fn cut(body: SdkBody) -> SdkBody {
    let mut left = MOST_ERROR;
    let frames = BodyStream::new(body).map(move |frame| {
        let data = frame?.into_data().unwrap_or_default();
        let data = data.slice(..data.len().min(left));
        left -= data.len();
        Ok::<_, BoxError>(data)
    });
    // An empty piece is the first one after the end, or one that says nothing.
    let wanted = |piece: &Result<bytes::Bytes, BoxError>| {
        std::future::ready(piece.as_ref().map_or(true, |data| !data.is_empty()))
    };
    let frames = frames.take_while(wanted).map(|piece| piece.map(Frame::data));
    SdkBody::from_body_1_x(StreamBody::new(frames))
}

/// Counts what a body in JSON holds, piece by piece.
#[derive(Debug, Default)]
struct Meter {
    bytes: usize,
    objects: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl Meter {
    fn add(&mut self, data: &[u8], most: Size) -> Result<(), TooLarge> {
        self.bytes = self.bytes.saturating_add(data.len());
        if self.bytes > most.bytes {
            return Err(TooLarge);
        }
        for byte in data {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.is_in_string => self.is_escaped = true,
                b'"' => self.is_in_string = !self.is_in_string,
                b'{' | b'[' if !self.is_in_string => self.objects += 1,
                _ => {}
            }
        }
        if self.objects > most.objects { Err(TooLarge) } else { Ok(()) }
    }
}

/// Does not repeat a call whose answer was too large: the next one would be, too.
#[derive(Debug)]
pub(in crate::aws) struct NotTooLarge;

impl ClassifyRetry for NotTooLarge {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        match error.is_some_and(|error| find::<TooLarge>(error).is_some()) {
            true => RetryAction::RetryForbidden,
            false => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "not too large"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    const MOST: Size = Size { bytes: 100, objects: 3 };

    /// The body in pieces of this many bytes.
    fn pieces(text: &str, length: usize) -> SdkBody {
        let pieces: Vec<_> = text.as_bytes().chunks(length).map(<[u8]>::to_vec).collect();
        let frames = pieces.into_iter().map(|piece| Ok::<_, BoxError>(Frame::data(piece.into())));
        SdkBody::from_body_1_x(StreamBody::new(futures_util::stream::iter(frames)))
    }

    async fn read(body: SdkBody) -> Result<usize, String> {
        let read = body.collect().await;
        read.map(|body| body.to_bytes().len()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn an_answer_ends_at_its_size() {
        for (text, fits) in [
            ("{}".to_owned(), true),
            ("x".repeat(100), true),
            ("x".repeat(101), false),
            ("[{},{}]".to_owned(), true),
            ("[{},{},{}]".to_owned(), false),
            // Braces in strings are text.
            (r#"{"a": "{{{{[[[[", "b\"{{{": "\\"}"#.to_owned(), true),
            (r#"["\\", {}, {}, {}]"#.to_owned(), false),
        ] {
            for length in [1, 3, 200] {
                let found = read(bounded(pieces(&text, length), MOST)).await;
                assert_eq!(found.is_ok(), fits, "{text} by {length}: {found:?}");
                assert!(found.is_err() || found == Ok(text.len()));
            }
        }
    }

    #[tokio::test]
    async fn an_error_is_cut() {
        for (length, kept) in [(10, 10), (MOST_ERROR, MOST_ERROR), (MOST_ERROR + 1, MOST_ERROR)] {
            assert_eq!(read(cut(pieces(&"x".repeat(length), 1000))).await, Ok(kept));
        }
    }
}
