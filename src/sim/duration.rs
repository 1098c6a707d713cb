use std::time::Duration;

use jiff::fmt::friendly::SpanParser;

/// Far from the end of the calendar when added to a time, and longer than any wait.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// Reads a duration as a `timeouts` block has it, such as `50ms`, `90s` or `1h30m`.
///
/// # Errors
/// Any other text, a negative duration, and one of more than 366 days.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let parsed = SpanParser::new().parse_duration(text);
    let duration = parsed.map_err(|_| {
        format!("{text} is not a duration; expected one such as \"50ms\", \"90s\" or \"1h30m\"")
    })?;
    match Duration::try_from(duration) {
        Ok(duration) if duration <= LONGEST => Ok(duration),
        _ => Err(format!("{text} is not a duration from 0s to 366 days")),
    }
}

/// The duration as [`parse_duration`] reads it.
pub(super) fn show_duration(duration: Duration) -> String {
    jiff::SignedDuration::try_from(duration).map_or_else(|_| String::new(), |it| format!("{it:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_in_a_timeouts_block() {
        for (text, milliseconds) in [
            ("50ms", 50),
            ("5s", 5_000),
            ("1.5m", 90_000),
            ("1h30m", 5_400_000),
            ("2h", 7_200_000),
            ("0s", 0),
            ("0", 0),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for wrong in ["", "5", "s", "-1s", "1s ago", "1d", "9000h", "NaNs"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
