use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::sim::duration::{parse_duration, show_duration};
use crate::sim::suggest;

/// What a [`Fault`](super::Fault) does to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `5xx-before`: HTTP 500; the call is not carried out.
    ErrorBefore,
    /// `5xx-after`: HTTP 500, although the call is carried out.
    ErrorAfter,
    /// `reset-before`: the connection closes without an answer; the call is not carried out.
    ResetBefore,
    /// `reset-after`: the connection closes without an answer, although the call is carried out.
    ResetAfter,
    /// `error=CODE`: the call fails with that error code.
    Refuse(String),
    /// `slow-before`: the call is carried out after the delay, even if the client has hung up.
    SlowBefore(Delay),
    /// `slow-after` or `slow`: the call is carried out at once and answered after the delay.
    SlowAfter(Delay),
    /// `drip`: the answer's body is sent byte by byte, with this pause before each one.
    Drip(Duration),
    /// `neither`: a creation answers with neither pending nor failed items, and creates nothing.
    Neither,
    /// `fails-provisioning`: created WorkSpaces end in `ERROR` instead of `AVAILABLE`.
    FailsProvisioning,
    /// `twins`: a primary that already has a standby gets another one.
    Twins,
    /// `exists-without-id`: the error for a primary that already has a standby does not name it.
    ExistsWithoutId,
    /// `incomplete`: described WorkSpaces have only their id, directory, user, state and bundle.
    Incomplete,
    /// `shuffled`: the items of the answer come in random order.
    Shuffled,
    /// `without-user-name`: the items of the answer have no `UserName`.
    WithoutUserName,
    /// `endless-pages`: each page of a listing leads to another one, each with a new token.
    EndlessPages,
    /// `circular-pages`: as `endless-pages`, with two tokens that alternate.
    CircularPages,
}

/// Every kind as it is written, with what it does, for `--help` and for error messages.
pub(in crate::sim) const KINDS: [(&str, &str); 17] = [
    ("5xx-before", "HTTP 500; the call is not carried out"),
    ("5xx-after", "HTTP 500, although the call is carried out"),
    ("reset-before", "the connection closes without an answer; the call is not carried out"),
    ("reset-after", "the connection closes without an answer, although the call is carried out"),
    ("error=CODE", "the call fails with that error code"),
    ("slow-before=DELAY", "the call is carried out after DELAY, even if the client has hung up"),
    ("slow-after=DELAY", "the call is carried out at once and answered after DELAY"),
    ("drip=DURATION", "the body is sent byte by byte, with a pause before each one"),
    ("neither", "a creation answers with neither pending nor failed items and creates nothing"),
    ("fails-provisioning", "created WorkSpaces end in ERROR instead of AVAILABLE"),
    ("twins", "a primary that already has a standby gets another one"),
    ("exists-without-id", "the error for a primary that has a standby does not name it"),
    ("incomplete", "described WorkSpaces have only id, directory, user, state and bundle"),
    ("shuffled", "the items of the answer come in random order"),
    ("without-user-name", "the items of the answer have no UserName"),
    ("endless-pages", "each page of a listing leads to another one, with a new token each"),
    ("circular-pages", "as endless-pages, with two tokens that alternate"),
];

/// The delay when a slow fault gives none.
const SLOW: Duration = Duration::from_secs(3);
/// The pause before each byte when `drip` gives none.
const DRIP: Duration = Duration::from_secs(1);

/// How long a delay is: between two bounds, drawn for each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay {
    /// The shortest.
    pub least: Duration,
    /// The longest.
    pub most: Duration,
}

impl From<Duration> for Delay {
    fn from(fixed: Duration) -> Self {
        Self { least: fixed, most: fixed }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::ErrorBefore => "5xx-before",
            Self::ErrorAfter => "5xx-after",
            Self::ResetBefore => "reset-before",
            Self::ResetAfter => "reset-after",
            Self::Refuse(code) => return write!(formatter, "error={code}"),
            Self::SlowBefore(delay) => return write!(formatter, "slow-before={delay}"),
            Self::SlowAfter(delay) => return write!(formatter, "slow-after={delay}"),
            Self::Drip(pause) => return write!(formatter, "drip={}", show_duration(*pause)),
            Self::Neither => "neither",
            Self::FailsProvisioning => "fails-provisioning",
            Self::Twins => "twins",
            Self::ExistsWithoutId => "exists-without-id",
            Self::Incomplete => "incomplete",
            Self::Shuffled => "shuffled",
            Self::WithoutUserName => "without-user-name",
            Self::EndlessPages => "endless-pages",
            Self::CircularPages => "circular-pages",
        };
        formatter.write_str(name)
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&show_duration(self.least))?;
        match self.most == self.least {
            true => Ok(()),
            false => write!(formatter, "..{}", show_duration(self.most)),
        }
    }
}

impl FromStr for FaultKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let delay = || value.map_or_else(|| Ok(Delay::from(SLOW)), parse_delay);
        Ok(match (name, value) {
            ("5xx-before", None) => Self::ErrorBefore,
            ("5xx-after", None) => Self::ErrorAfter,
            ("reset-before", None) => Self::ResetBefore,
            ("reset-after", None) => Self::ResetAfter,
            ("error", Some(code)) if is_code(code) => Self::Refuse(code.to_owned()),
            ("slow-before", _) => Self::SlowBefore(delay()?),
            ("slow" | "slow-after", _) => Self::SlowAfter(delay()?),
            ("drip", _) => Self::Drip(value.map_or(Ok(DRIP), parse_duration)?),
            ("neither", None) => Self::Neither,
            ("fails-provisioning", None) => Self::FailsProvisioning,
            ("twins", None) => Self::Twins,
            ("exists-without-id", None) => Self::ExistsWithoutId,
            ("incomplete", None) => Self::Incomplete,
            ("shuffled", None) => Self::Shuffled,
            ("without-user-name", None) => Self::WithoutUserName,
            ("endless-pages", None) => Self::EndlessPages,
            ("circular-pages", None) => Self::CircularPages,
            _ => return Err(suggest::unknown("kind of fault", text, &KINDS.map(|(kind, _)| kind))),
        })
    }
}

/// Reads `3s`, or `1s..5s` for a delay that is drawn for each call.
fn parse_delay(text: &str) -> Result<Delay, String> {
    let Some((least, most)) = text.split_once("..") else {
        return parse_duration(text).map(Delay::from);
    };
    let delay = Delay { least: parse_duration(least)?, most: parse_duration(most)? };
    if delay.least > delay.most {
        return Err(format!("{text} ends before it begins"));
    }
    Ok(delay)
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_kind_is_read() {
        for (kind, _) in KINDS {
            let written =
                kind.replace("CODE", "X").replace("DELAY", "1s").replace("DURATION", "1s");
            assert!(written.parse::<FaultKind>().is_ok(), "{kind}");
        }
    }
}
