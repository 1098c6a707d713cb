use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;

/// The body of an answer, whole or in pieces.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

pub(super) fn whole(body: Bytes) -> Body {
    Full::new(body).boxed_unsync()
}

/// A body of which each byte comes after a pause.
pub(super) fn dripping(body: Bytes, pause: Duration) -> Body {
    let bytes = futures_util::stream::iter((0..body.len()).map(move |at| body.slice(at..=at)));
    stream(bytes.then(move |byte| async move {
        tokio::time::sleep(pause).await;
        byte
    }))
}

/// A body in pieces that come when they come.
pub(super) fn stream(pieces: impl Stream<Item = Bytes> + Send + 'static) -> Body {
    StreamBody::new(pieces.map(|piece| Ok(Frame::data(piece)))).boxed_unsync()
}
