use std::str::FromStr;
use std::time::Duration;

use super::model::MODEL;
use super::options::parse_duration;
use super::random::Random;
use super::sts;

/// Something that goes wrong on purpose, written `OP:KIND:RATE`.
///
/// `OP` is the name of an operation, or `*` for all. `OP@REGION` limits it to one Region:
/// `*@us-east-1:5xx-before:1` is the outage of that Region. `RATE` (0 to 1) is how often it strikes
/// a call; `RATExN` strikes N times at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The operation; none is every operation.
    pub operation: Option<String>,
    /// The Region; none is every Region.
    pub region: Option<String>,
    /// What happens.
    pub kind: FaultKind,
    /// The share of calls that are struck, from 0 to 1.
    pub rate: f64,
    /// How many calls are struck at most; none is no limit.
    pub times: Option<u32>,
}

/// What a [`Fault`] does to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `5xx-before`: HTTP 500, and nothing happened.
    ErrorBefore,
    /// `5xx-after`: HTTP 500, though the operation took effect.
    ErrorAfter,
    /// `reset-before`: the connection closes without an answer, and nothing happened.
    ResetBefore,
    /// `reset-after`: the connection closes without an answer, though the operation took effect.
    ResetAfter,
    /// `slow` or `slow=DURATION`: the answer takes that much longer (3 seconds when not said).
    Slow(Duration),
    /// `incomplete`: described WorkSpaces carry their identity and state only.
    Incomplete,
    /// `neither`: a creation answers neither pending nor failed items, and makes nothing.
    Neither,
    /// `fails-provisioning`: what a creation makes ends in `ERROR` instead of `AVAILABLE`.
    FailsProvisioning,
    /// `error=CODE`: the call is refused with that error code.
    Refuse(String),
}

const SLOW: Duration = Duration::from_secs(3);

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let (Some(place), Some(kind), Some(share)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(
                "a fault is written OP:KIND:RATE, for example DescribeWorkspaces:5xx-before:0.1"
                    .to_owned(),
            );
        };
        let (operation, region) = match place.split_once('@') {
            Some((operation, region)) => (operation, Some(region.to_owned())),
            None => (place, None),
        };
        let known = || MODEL.operation(operation).is_some() || sts::operation(operation).is_some();
        let operation = match operation {
            "*" => None,
            name if known() => Some(name.to_owned()),
            name => {
                return Err(format!(
                    "{name} is not an operation of the simulator; * stands for all"
                ));
            }
        };
        let (rate, times) = parse_share(share)?;
        Ok(Self { operation, region, kind: kind.parse()?, rate, times })
    }
}

impl FromStr for FaultKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "5xx-before" => Self::ErrorBefore,
            "5xx-after" => Self::ErrorAfter,
            "reset-before" => Self::ResetBefore,
            "reset-after" => Self::ResetAfter,
            "slow" => Self::Slow(SLOW),
            "incomplete" => Self::Incomplete,
            "neither" => Self::Neither,
            "fails-provisioning" => Self::FailsProvisioning,
            other => match other.split_once('=') {
                Some(("slow", duration)) => Self::Slow(parse_duration(duration)?),
                Some(("error", code)) if is_code(code) => Self::Refuse(code.to_owned()),
                _ => {
                    return Err(format!(
                        "{other} is not a kind of fault; the kinds are 5xx-before, 5xx-after, \
                         reset-before, reset-after, slow, slow=DURATION, incomplete, neither, \
                         fails-provisioning, error=CODE"
                    ));
                }
            },
        })
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

fn parse_share(text: &str) -> Result<(f64, Option<u32>), String> {
    let (rate, times) = match text.split_once('x') {
        Some((rate, times)) => {
            let times = times.parse().map_err(|_| format!("{times} is not a number of calls"))?;
            (rate, Some(times))
        }
        None => (text, None),
    };
    match rate.parse::<f64>() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok((rate, times)),
        _ => Err(format!("{rate} is not a rate from 0 to 1")),
    }
}

/// The faults in force, with how often each may still strike.
#[derive(Debug)]
pub(super) struct Faults {
    armed: Vec<Fault>,
    random: Random,
}

/// What strikes one call: a delay, and at most one thing more.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Strike {
    pub(super) delay: Duration,
    pub(super) blow: Option<FaultKind>,
}

impl Faults {
    pub(super) fn new(armed: Vec<Fault>, seed: u64) -> Self {
        Self { armed, random: Random::new(seed, "faults") }
    }

    pub(super) fn replace(&mut self, armed: Vec<Fault>) {
        self.armed = armed;
    }

    /// Draws what strikes this call. Delays add up; of the rest the first one drawn wins.
    pub(super) fn strike(&mut self, operation: &str, region: &str) -> Strike {
        let mut strike = Strike::default();
        for fault in &mut self.armed {
            let fits = |wanted: &Option<String>, value: &str| {
                wanted.as_ref().is_none_or(|wanted| wanted == value)
            };
            let applies = fits(&fault.operation, operation)
                && fits(&fault.region, region)
                && fault.times != Some(0);
            let slow = matches!(fault.kind, FaultKind::Slow(_));
            if !applies || (strike.blow.is_some() && !slow) || self.random.fraction() >= fault.rate
            {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            match &fault.kind {
                FaultKind::Slow(duration) => strike.delay += *duration,
                kind => strike.blow = Some(kind.clone()),
            }
        }
        strike
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_as_documented() {
        let fault: Fault = "CreateStandbyWorkspaces:reset-after:1x1".parse().unwrap();
        assert_eq!((fault.kind, fault.rate, fault.times), (FaultKind::ResetAfter, 1.0, Some(1)));
        let fault: Fault = "*@us-east-1:error=AccessDeniedException:0.5".parse().unwrap();
        assert_eq!((fault.operation, fault.region.as_deref()), (None, Some("us-east-1")));
        assert_eq!(fault.kind, FaultKind::Refuse("AccessDeniedException".to_owned()));
        assert_eq!("slow=250ms".parse(), Ok(FaultKind::Slow(Duration::from_millis(250))));
        for wrong in [
            "",
            "Describe:slow:1",
            "DescribeTags:slow",
            "*:fast:1",
            "*:slow:2",
            "*:slow:1xmany",
            "*:error=:1",
        ] {
            assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_limited_fault_strikes_that_often_and_delays_add_up() {
        let faults = [
            "DescribeTags:5xx-before:1x2",
            "*:slow=1s:1",
            "*@eu-west-1:slow=2s:1",
            "*:reset-after:0",
        ];
        let mut faults = Faults::new(faults.map(|text| text.parse().unwrap()).into(), 1);
        for _ in 0..2 {
            assert_eq!(
                faults.strike("DescribeTags", "us-west-2").blow,
                Some(FaultKind::ErrorBefore)
            );
        }
        assert_eq!(
            faults.strike("DescribeTags", "us-west-2"),
            Strike { delay: Duration::from_secs(1), blow: None }
        );
        assert_eq!(faults.strike("DescribeTags", "eu-west-1").delay, Duration::from_secs(3));
    }

    #[test]
    fn a_rate_is_a_share_of_the_calls() {
        let mut faults = Faults::new(vec!["*:5xx-before:0.25".parse().unwrap()], 42);
        let struck =
            (0..1000).filter(|_| faults.strike("DescribeTags", "us-west-2").blow.is_some()).count();
        assert!((200..300).contains(&struck), "{struck}");
    }
}
