//! The panic hook.
//!
//! Terraform shows the user the output that follows a line starting with `panic: `, the format of Go.
//! The default message of Rust starts differently, so Terraform would not show it.

use std::{
    any::Any,
    backtrace::Backtrace,
    io::{self, Write},
    panic::{self, PanicHookInfo},
    thread,
};

/// Prints every later panic, in any thread, in the format that Terraform recognizes.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let text = report(info, &Backtrace::force_capture());
        // Standard error may be closed. That must not cause a second panic.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    let thread = thread::current();
    let location =
        info.location().map_or_else(|| "an unknown location".to_owned(), ToString::to_string);
    format!(
        "panic: {}\n\nthread {:?} at {location}\n{backtrace}\n",
        message(info.payload()).replace('\n', " "),
        thread.name().unwrap_or("unnamed"),
    )
}

/// The message of `panic!`. Other payloads have none.
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
    fn a_panic_message_is_a_literal_or_a_string() {
        assert_eq!(message(&"literal"), "literal");
        assert_eq!(message(&String::from("formatted")), "formatted");
        assert_eq!(message(&7), "no message");
    }
}
