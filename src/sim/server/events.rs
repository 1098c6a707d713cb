use std::time::Duration;

use bytes::Bytes;
use http::Response;
use jiff::Timestamp;

use super::body::{self, Body};
use crate::sim::simulator::Simulator;

/// WorkSpaces change with time alone, so the page is looked at this often.
const INTERVAL: Duration = Duration::from_millis(500);
/// After this many looks without a change a comment is sent, so that a closed connection shows.
const SILENCE: u32 = 20;

/// The page as server-sent events: once at the beginning, and whenever it has changed.
pub(super) fn response(simulator: Simulator) -> Response<Body> {
    let events = futures_util::stream::unfold(String::new(), move |last| {
        let simulator = simulator.clone();
        async move {
            for _ in 0..SILENCE {
                let event = simulator.page_event(Timestamp::now());
                if event != last {
                    return Some((Bytes::from(event.clone()), event));
                }
                tokio::time::sleep(INTERVAL).await;
            }
            Some((Bytes::from_static(b": nothing new\n\n"), last))
        }
    });
    Response::builder()
        .header("content-type", "text/event-stream")
        .header("cache-control", "no-store")
        .body(body::stream(events))
        .expect("the headers are plain ASCII")
}
