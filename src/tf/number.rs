use std::cmp::Ordering;
use std::fmt;

/// A decimal number of any size, stored as the text it was received in.
///
/// Terraform computes with 512 bits and rejects a provider that answers `0.1` with the nearest
/// binary fraction, so a number never passes through a float. Two numbers are equal when their
/// values are equal, whatever their spelling: `1`, `1.0` and `1e0`.
///
/// The text is always a JSON number. Decimal libraries do not fit: they lose the spelling, and
/// comparing `1e1000000000` with `1` makes them allocate a thousand million digits.
#[derive(Clone, Debug)]
pub struct Number(String);

/// Why a text or a float is not a [`Number`]. The message never repeats the text, which may be
/// sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a JSON number.
    #[error("not a decimal number")]
    Malformed,
    /// Not a number: the result of `0/0`.
    #[error("NaN, which is not a number")]
    NotANumber,
    /// Positive or negative infinity.
    #[error("infinite, and only finite numbers are supported")]
    Infinite,
    /// The exponent exceeds 1,000,000,000, the largest that is supported.
    #[error("a number whose exponent is too large")]
    Exponent,
}

/// Far beyond any real use. Terraform stores numbers in Go's `big.Float`, which ends near
/// 6 * 10^8.
const LARGEST_EXPONENT: i64 = 1_000_000_000;

impl Number {
    /// Parses a JSON number: `-12`, `0.5`, `1e6`.
    ///
    /// # Errors
    /// Infinities, NaN, any other text, and exponents beyond a thousand million.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        match text.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str() {
            "nan" => return Err(NumberError::NotANumber),
            "inf" | "infinity" => return Err(NumberError::Infinite),
            _ => {}
        }
        // The grammar is serde_json's, which keeps the text with its feature arbitrary_precision.
        text.parse::<serde_json::Number>().map_err(|_| NumberError::Malformed)?;
        let (_, _, exponent) = split(text);
        let exponent = exponent.map_or(Ok(0), str::parse::<i64>);
        if exponent.is_ok_and(|power| power.abs() <= LARGEST_EXPONENT) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NumberError::Exponent)
        }
    }

    /// The exact value of a float, digit by digit: `0.1` becomes the 55 decimals it really has.
    ///
    /// # Errors
    /// Infinities and NaN.
    pub fn from_f64(float: f64) -> Result<Self, NumberError> {
        if float.is_nan() {
            return Err(NumberError::NotANumber);
        }
        if float.is_infinite() {
            return Err(NumberError::Infinite);
        }
        // The smallest float is 2^-1074, which has 1074 decimals. No other float has more.
        let text = format!("{float:.1074}");
        Ok(Self(text.trim_end_matches('0').trim_end_matches('.').to_owned()))
    }

    /// The number as a 64-bit integer if it is one: `1.0` and `1e3` are, `1.5` is not.
    pub fn as_i64(&self) -> Option<i64> {
        let value = Canonical::of(&self.0);
        if value.digits.is_empty() {
            return Some(0);
        }
        // How many digits are before the point. The largest integer has 19.
        let width = usize::try_from(value.exponent).ok()?;
        if width < value.digits.len() || width > 19 {
            return None;
        }
        let sign = if value.negative { "-" } else { "" };
        format!("{sign}{:0<width$}", value.digits).parse().ok()
    }

    /// The number as a float if a float has exactly this value: `1.5` does, `0.1` does not.
    pub fn as_exact_f64(&self) -> Option<f64> {
        let float: f64 = self.0.parse().ok()?;
        (Self::from_f64(float).as_ref() == Ok(self)).then_some(float)
    }

    /// The text the number was received in.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    /// An order that agrees with equality, so that the elements of a set can be sorted. It is not
    /// the numeric order.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        Canonical::of(&self.0).cmp(&Canonical::of(&other.0))
    }
}

/// The canonical form of a value: 0.DIGITS times ten to the power of the exponent. The digits
/// neither start nor end with a zero; zero has no digits.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Canonical {
    negative: bool,
    exponent: i64,
    digits: String,
}

impl Canonical {
    fn of(text: &str) -> Self {
        let (integer, fraction, power) = split(text);
        let power: i64 = power.and_then(|power| power.parse().ok()).unwrap_or(0);
        let all = format!("{integer}{fraction}");
        let without_leading = all.trim_start_matches('0');
        let digits = without_leading.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, exponent: 0, digits };
        }
        let leading = all.len() - without_leading.len();
        let exponent = power + length(integer.len()) - length(leading);
        Self { negative: text.starts_with('-'), exponent, digits }
    }
}

/// The digits before the point, the digits after it, and the exponent.
fn split(text: &str) -> (&str, &str, Option<&str>) {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    (integer, fraction, exponent)
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).expect(text)
    }

    #[test]
    fn numbers_are_equal_when_their_values_are() {
        for (a, b, expected) in [
            ("1", "1.0", true),
            ("1", "1e0", true),
            ("100", "1E+2", true),
            ("0.001", "1e-3", true),
            ("-0", "0.00e5", true),
            ("2", "10", false),
            ("-2", "2", false),
            ("1", "10", false),
            ("0", "0.0000001", false),
            ("1.05", "1.5", false),
            ("9007199254740993", "9007199254740992", false),
            ("1e1000000000", "1e-1000000000", false),
        ] {
            assert_eq!(number(a) == number(b), expected, "{a} and {b}");
            assert_eq!(number(b).cmp(&number(a)), number(a).cmp(&number(b)).reverse());
        }
    }

    #[test]
    fn only_json_numbers_are_parsed() {
        use NumberError::{Exponent, Infinite, Malformed, NotANumber};
        for (text, error) in [
            ("", Malformed),
            ("-", Malformed),
            ("+1", Malformed),
            (".5", Malformed),
            ("5.", Malformed),
            ("007", Malformed),
            ("-01", Malformed),
            ("1e", Malformed),
            ("1e+-2", Malformed),
            ("0x10", Malformed),
            ("1_000", Malformed),
            (" 1", Malformed),
            ("1 ", Malformed),
            ("1 2", Malformed),
            ("NaN", NotANumber),
            ("Inf", Infinite),
            ("-Inf", Infinite),
            ("+Infinity", Infinite),
            ("1e1000000001", Exponent),
            ("1e99999999999999999999", Exponent),
        ] {
            assert_eq!(Number::parse(text).err(), Some(error), "{text:?}");
        }
    }

    #[test]
    fn integers_are_64_bits() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-0.0", Some(0)),
            ("0e-7", Some(0)),
            ("25", Some(25)),
            ("25.00", Some(25)),
            ("2.5e1", Some(25)),
            ("1e18", Some(1_000_000_000_000_000_000)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("2.5", None),
            ("0.1", None),
            ("1e19", None),
            ("1e20", None),
        ] {
            assert_eq!(number(text).as_i64(), expected, "{text}");
        }
    }

    #[test]
    fn floats_keep_every_binary_digit() {
        for (float, text) in [
            (1.5, "1.5"),
            (-0.25, "-0.25"),
            (0.1, "0.1000000000000000055511151231257827021181583404541015625"),
            (1e22, "10000000000000000000000"),
            (0.0, "0"),
        ] {
            let exact = Number::from_f64(float).expect(text);
            assert_eq!(exact.to_string(), text);
            assert_eq!(exact.as_exact_f64(), Some(float));
        }
        assert_eq!(number("0.1").as_exact_f64(), None);
        assert_eq!(number("1e400").as_exact_f64(), None);
        let smallest = Number::from_f64(f64::from_bits(1)).expect("finite");
        assert_eq!(smallest.as_exact_f64(), Some(f64::from_bits(1)));
        assert_eq!(Number::from_f64(f64::NAN).err(), Some(NumberError::NotANumber));
        assert_eq!(Number::from_f64(f64::NEG_INFINITY).err(), Some(NumberError::Infinite));
    }
}
