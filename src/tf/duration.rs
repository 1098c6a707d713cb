//! Durations as Terraform users write them: `90m`, `1h30m`, `1.5h`.
//!
//! jiff parses another grammar: it accepts `1 hour, 30 minutes` and rejects `1.5h30m`.

use std::time::Duration;

/// Parses a duration like [Go's `time.ParseDuration`](https://pkg.go.dev/time#ParseDuration), which
/// Terraform uses: a sequence of numbers, each with a unit of `ns`, `us`, `ms`, `s`, `m` or `h`, or
/// a plain `0`. A fraction of a nanosecond is truncated.
///
/// # Errors
/// Any other text, a negative duration, and a duration of more than 292 years (Go's limit). The
/// message starts with "expected" and gives examples.
pub fn parse(text: &str) -> Result<Duration, String> {
    const EXPECTED: &str = "expected a duration such as \"90m\", \"1h30m\" or \"45s\"";
    if text.starts_with('-') {
        return Err(format!("{EXPECTED} that is not negative"));
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(EXPECTED.to_owned());
    }
    let mut total = 0_u128;
    while !rest.is_empty() {
        let (nanoseconds, after) = leading_part(rest).ok_or(EXPECTED)?;
        total = total.saturating_add(nanoseconds);
        rest = after;
    }
    // Go counts nanoseconds in a signed integer of 64 bits.
    match i64::try_from(total) {
        Ok(nanoseconds) => Ok(Duration::from_nanos(nanoseconds.unsigned_abs())),
        Err(_) => Err(format!("{EXPECTED} of less than 292 years")),
    }
}

/// The nanoseconds of the first number with its unit, and the remaining text.
fn leading_part(text: &str) -> Option<(u128, &str)> {
    let (integer, rest) = leading(text, |c| c.is_ascii_digit());
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => leading(rest, |c| c.is_ascii_digit()),
        None => ("", rest),
    };
    if integer.is_empty() && fraction.is_empty() {
        return None;
    }
    let (unit, rest) = leading(rest, |c| !c.is_ascii_digit() && c != '.');
    let unit: u128 = match unit {
        "ns" => 1,
        // The micro sign and the Greek letter mu. Go accepts both.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let whole = integer
        .bytes()
        .fold(0_u128, |sum, digit| sum.saturating_mul(10).saturating_add(u128::from(digit - b'0')));
    // An hour has fewer than 10^13 nanoseconds, so the decimals after the 18th add less than one.
    let (part, scale) = fraction.bytes().take(18).fold((0_u128, 1_u128), |(part, scale), digit| {
        (part * 10 + u128::from(digit - b'0'), scale * 10)
    });
    Some((whole.saturating_mul(unit).saturating_add(part * unit / scale), rest))
}

/// The longest prefix of matching characters, and the remaining text.
fn leading(text: &str, passes: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !passes(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed_like_go() {
        for (text, milliseconds) in [
            ("0", 0),
            ("+0", 0),
            ("0s", 0),
            ("90m", 5_400_000),
            ("1h30m", 5_400_000),
            ("1.5h", 5_400_000),
            ("300ms", 300),
            (".5s", 500),
            ("2.s", 2_000),
            ("+1s", 1_000),
            ("1m0.001s", 60_001),
            ("500000us", 500),
            ("500000\u{b5}s", 500),
            ("500000\u{3bc}s", 500),
            ("1000000ns", 1),
            ("1s1s", 2_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        assert_eq!(parse("9223372036854775807ns"), Ok(Duration::from_nanos(i64::MAX as u64)));
    }

    #[test]
    fn any_other_text_is_an_error() {
        for text in [
            "",
            "+",
            "-1s",
            "-0",
            "90",
            "m",
            "1 h",
            " 1h",
            "1h ",
            "1d",
            "1H",
            "1h30",
            ".",
            ".s",
            "1..5s",
            "1h-5m",
            "9223372036854775808ns",
            "999999999999999999999999999999999h",
        ] {
            let message = parse(text).expect_err(text);
            assert!(message.starts_with("expected a duration such as \"90m\""), "{message}");
        }
    }
}
