use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A decimal number of any size, kept as the text it came in.
///
/// Terraform calculates with 512 bits and refuses a provider that answers `0.1` with the nearest
/// binary fraction, so a number never passes through a float. Two numbers are equal when their
/// values are, however they are spelled: `1`, `1.0` and `1e0`.
///
/// The text is always a number as JSON spells it.
#[derive(Clone, Debug)]
pub struct Number(String);

/// Why a text or a float is no [`Number`]. The message never repeats the text: it may be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a number as JSON spells it.
    #[error("not a decimal number")]
    Malformed,
    /// Not a number at all: the result of `0/0`.
    #[error("the special value NaN, which is not a number")]
    NotANumber,
    /// Larger or smaller than every number.
    #[error("infinite, and only finite numbers are supported")]
    Infinite,
    /// Ten to the power of more than a thousand million, which Terraform cannot hold either.
    #[error("a number whose exponent is too large")]
    Exponent,
}

impl Number {
    /// Reads a number as JSON spells it: `-12`, `0.5`, `1e6`.
    ///
    /// # Errors
    /// Infinities, NaN, any other text, and exponents beyond a thousand million.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        match text.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str() {
            "nan" => return Err(NumberError::NotANumber),
            "inf" | "infinity" => return Err(NumberError::Infinite),
            _ => {}
        }
        let (integer, fraction, exponent) = split(text).ok_or(NumberError::Malformed)?;
        let well_formed = digits(integer)
            && (integer == "0" || !integer.starts_with('0'))
            && fraction.is_none_or(digits)
            && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)));
        if !well_formed {
            return Err(NumberError::Malformed);
        }
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
        // The smallest float is 2^-1074, which has 1074 decimals; none has more.
        let text = format!("{float:.1074}");
        Ok(Self(text.trim_end_matches('0').trim_end_matches('.').to_owned()))
    }

    /// The number as an integer of 64 bits, where it is one: `1.0` and `1e3` are, `1.5` is not.
    pub fn as_i64(&self) -> Option<i64> {
        let value = Canonical::of(&self.0);
        if value.digits.is_empty() {
            return Some(0);
        }
        // The digits before the point: all there are, and not more than the largest integer has.
        let width = usize::try_from(value.exponent).ok()?;
        if width < value.digits.len() || width > 19 {
            return None;
        }
        let sign = if value.negative { "-" } else { "" };
        format!("{sign}{:0<width$}", value.digits).parse().ok()
    }

    /// The number as a float, where a float holds exactly this value: `1.5` does, `0.1` does not.
    pub fn as_exact_f64(&self) -> Option<f64> {
        let float: f64 = self.0.parse().ok()?;
        (Self::from_f64(float).as_ref() == Ok(self)).then_some(float)
    }

    /// The text the number came in.
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
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        Canonical::of(&self.0).cmp(&Canonical::of(&other.0))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Canonical::of(&self.0).hash(state);
    }
}

/// Far beyond every real use; Go's big.Float, in which Terraform holds numbers, ends near 6 * 10^8.
const LARGEST_EXPONENT: i64 = 1_000_000_000;

/// The one form of a value: 0.DIGITS times ten to the power of the exponent, no zero at either end
/// of the digits, and nothing but an empty sequence of digits for zero.
#[derive(PartialEq, Eq, Hash)]
struct Canonical {
    negative: bool,
    exponent: i64,
    digits: String,
}

impl Canonical {
    fn of(text: &str) -> Self {
        let (integer, fraction, power) = split(text).unwrap_or_default();
        let fraction = fraction.unwrap_or_default();
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

    fn magnitude(&self, other: &Self) -> Ordering {
        let zeros = (self.digits.is_empty(), other.digits.is_empty());
        match zeros {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Digits compare as text because both sequences begin right behind the point.
            (false, false) => {
                self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits))
            }
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

/// The digits before the point, those behind it and the exponent, not yet looked at.
fn split(text: &str) -> Option<(&str, Option<&str>, Option<&str>)> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    (!integer.is_empty()).then_some((integer, fraction, exponent))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
    fn values_compare_whatever_their_spelling() {
        for (a, b, expected) in [
            ("1", "1.0", Ordering::Equal),
            ("1", "1e0", Ordering::Equal),
            ("100", "1E+2", Ordering::Equal),
            ("0.001", "1e-3", Ordering::Equal),
            ("-0", "0.00e5", Ordering::Equal),
            ("2", "10", Ordering::Less),
            ("-2", "-10", Ordering::Greater),
            ("-1", "0", Ordering::Less),
            ("0", "0.0000001", Ordering::Less),
            ("1.05", "1.5", Ordering::Less),
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("1e1000000000", "1e-1000000000", Ordering::Greater),
        ] {
            assert_eq!(number(a).cmp(&number(b)), expected, "{a} and {b}");
            assert_eq!(number(b).cmp(&number(a)), expected.reverse(), "{b} and {a}");
        }
    }

    #[test]
    fn only_numbers_as_json_spells_them_are_read() {
        use NumberError::{Exponent, Infinite, Malformed, NotANumber};
        for (text, error) in [
            ("", Malformed),
            ("-", Malformed),
            ("+1", Malformed),
            (".5", Malformed),
            ("5.", Malformed),
            ("007", Malformed),
            ("1e", Malformed),
            ("1e+-2", Malformed),
            ("0x10", Malformed),
            ("1_000", Malformed),
            (" 1", Malformed),
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
    fn integers_of_64_bits_are_found() {
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
