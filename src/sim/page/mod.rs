//! The page at `/`: one file, whose content is made here, so that it is a plain page without
//! JavaScript. With JavaScript it follows the server-sent events of `/_simulator/events`.

mod fleet;
mod html;
mod sections;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;

use super::markup::escape;
use super::world::World;

const PAGE: &str = include_str!("page.html");
/// Nothing from elsewhere, nothing that can be framed, and forms that go nowhere else.
const POLICY: &str = "default-src 'none'; connect-src 'self'; img-src data:; form-action 'self'; \
                      style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The whole page.
pub(super) fn document(world: &World, now: Timestamp) -> Response<Bytes> {
    let page = PAGE.replace("{version}", env!("CARGO_PKG_VERSION"));
    let page = page.replace("{sections}", &sections::all(world, now));
    html_response(StatusCode::OK, page)
}

/// The content of the page as one server-sent event.
pub(super) fn event(world: &World, now: Timestamp) -> Response<Bytes> {
    Response::builder()
        .header("content-type", "text/event-stream")
        .header("cache-control", "no-store")
        .body(Bytes::from(event_text(world, now)))
        .expect("the headers are plain ASCII")
}

/// The same without its response.
pub(super) fn event_text(world: &World, now: Timestamp) -> String {
    let sections = sections::all(world, now);
    let lines: String = sections.lines().map(|line| format!("data: {line}\n")).collect();
    format!("{lines}\n")
}

/// Whether a request is one of the page's forms. Some clients, such as curl, say so of any body.
pub(super) fn is_form(request: &Request<Bytes>) -> bool {
    if request.body().is_empty() || request.body().starts_with(b"{") {
        return false;
    }
    let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// Does what a form asks for, and goes back to the page.
pub(super) fn submit(world: &mut World, request: &Request<Bytes>) -> Response<Bytes> {
    let mut faults = world.faults.shown();
    for (name, value) in form_urlencoded::parse(request.body()) {
        match &*name {
            "add" if !value.trim().is_empty() => faults.push(value.trim().to_owned()),
            "clear" => faults.clear(),
            "reset" => {
                world.reset();
                faults = world.faults.shown();
            }
            _ => {}
        }
    }
    match world.replace_faults(&faults) {
        Ok(()) => Response::builder()
            .status(StatusCode::SEE_OTHER)
            .header("location", "/")
            .body(Bytes::new())
            .expect("the headers are plain ASCII"),
        Err(message) => {
            let page =
                format!("<!doctype html><p>{}</p><p><a href=\"/\">Back</a></p>", escape(&message));
            html_response(StatusCode::BAD_REQUEST, page)
        }
    }
}

fn html_response(status: StatusCode, page: String) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", "text/html; charset=utf-8")
        .header("cache-control", "no-store")
        .header("content-security-policy", POLICY)
        .header("x-content-type-options", "nosniff")
        .header("referrer-policy", "no-referrer")
        .body(Bytes::from(page))
        .expect("the headers are plain ASCII")
}
