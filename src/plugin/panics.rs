//! What a panic prints.
//!
//! Terraform collects what follows a line that begins `panic: ` (the way a Go program dies) and
//! shows it to the user. Rust's own text begins otherwise, and a panic would pass unseen.

use std::{
    any::Any,
    backtrace::Backtrace,
    io::{self, Write},
    panic::{self, PanicHookInfo},
    thread,
};

/// Makes every later panic, in any thread, print in the form Terraform recognises.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let text = report(info, &Backtrace::force_capture());
        // Nobody may be reading any more; that must not lead to a second panic.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    let thread = thread::current();
    let location =
        info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!(
        "panic: {}\n\nthread {:?} at {location}\n{backtrace}\n",
        message(info.payload()).replace('\n', " "),
        thread.name().unwrap_or("without a name"),
    )
}

/// The text given to `panic!`; other payloads have none.
fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&'static str>().copied())
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn the_message_of_either_kind_of_panic_is_found() {
        assert_eq!(message(&"literal"), "literal");
        assert_eq!(message(&String::from("made")), "made");
        assert_eq!(message(&7), "no message");
    }
}
