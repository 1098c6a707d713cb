//! Faults: what goes wrong on purpose, how often, and to which calls.

mod inject;
mod kind;

use std::fmt;
use std::str::FromStr;

pub use kind::{Delay, FaultKind};

pub(super) use inject::{Failure, Faults, Injected, Paging, Twist};
pub(super) use kind::KINDS;

use super::model::MODEL;
use super::suggest;

/// A fault to inject, written `OP:KIND:RATE`.
///
/// `OP` is the name of an operation, or `*` for all. `OP@REGION` limits it to one Region:
/// `*@us-east-1:5xx-before:1` is an outage of that Region. `RATE` (0 to 1) is the share of calls
/// that are affected; `RATExN` affects at most N calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The operation; `None` is every operation.
    pub operation: Option<String>,
    /// The Region; `None` is every Region.
    pub region: Option<String>,
    /// What happens.
    pub kind: FaultKind,
    /// The share of calls that are affected, from 0 to 1.
    pub rate: f64,
    /// The most calls that are affected; `None` is no limit.
    pub times: Option<u32>,
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let (Some(place), Some(kind), Some(share)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(
                "expected OP:KIND:RATE, for example DescribeWorkspaces:5xx-before:0.1".to_owned()
            );
        };
        let (operation, region) = match place.split_once('@') {
            Some((operation, region)) => (operation, Some(region.to_owned())),
            None => (place, None),
        };
        let operation = match operation {
            "*" => None,
            name if operations().contains(&name) => Some(name.to_owned()),
            name => return Err(suggest::unknown("operation", name, &operations())),
        };
        let (rate, times) = parse_share(share)?;
        Ok(Self { operation, region, kind: kind.parse()?, rate, times })
    }
}

/// As it is written.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.operation.as_deref().unwrap_or("*"))?;
        if let Some(region) = &self.region {
            write!(formatter, "@{region}")?;
        }
        write!(formatter, ":{}:{}", self.kind, self.rate)?;
        match self.times {
            Some(times) => write!(formatter, "x{times}"),
            None => Ok(()),
        }
    }
}

/// The help of `--fault`, with every kind and every operation.
pub(super) fn long_help() -> String {
    let kinds: String =
        KINDS.iter().map(|(kind, meaning)| format!("\n  {kind:<18}  {meaning}")).collect();
    format!(
        "Inject a fault, written OP:KIND:RATE, for example DescribeWorkspaces:5xx-before:0.1. Can \
         be given several times.\n\nOP is an operation, or * for all; OP@REGION limits it to one \
         Region. RATE is from 0 to 1, and RATExN affects at most N calls. DELAY is a duration, or \
         two as in 1s..5s for one drawn for each call.\n\nKIND is one of:{kinds}\n\nOperations: {}",
        operations().join(", ")
    )
}

/// The operations that a fault can name, in alphabetical order.
pub(super) fn operations() -> Vec<&'static str> {
    let mut names: Vec<&str> = MODEL.operations().map(|operation| operation.name).collect();
    names.sort_unstable();
    names
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_fault_names_an_operation_a_region_a_kind_and_a_rate() {
        let fault: Fault = "CreateStandbyWorkspaces:reset-after:1x1".parse().unwrap();
        assert_eq!((fault.kind, fault.rate, fault.times), (FaultKind::ResetAfter, 1.0, Some(1)));
        let fault: Fault = "*@us-east-1:error=AccessDeniedException:0.5".parse().unwrap();
        assert_eq!((fault.operation, fault.region.as_deref()), (None, Some("us-east-1")));
        assert_eq!(fault.kind, FaultKind::Refuse("AccessDeniedException".to_owned()));
        let fixed = Delay::from(Duration::from_millis(250));
        assert_eq!("slow=250ms".parse(), Ok(FaultKind::SlowAfter(fixed)));
        let range = Delay { least: Duration::from_secs(1), most: Duration::from_secs(5) };
        assert_eq!("slow-before=1s..5s".parse(), Ok(FaultKind::SlowBefore(range)));
        for wrong in
            ["", "DescribeTags:slow", "*:slow:2", "*:slow:1xmany", "*:error=:1", "*:slow=5s..1s:1"]
        {
            assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fault_is_shown_as_it_is_written() {
        for text in [
            "*:twins:1",
            "DescribeTags@us-west-2:error=ThrottlingException:0.5x3",
            "*:slow-before=1s..1m 5s:1",
            "*:drip=20ms:1",
        ] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!(fault.to_string(), text);
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_one_and_all_that_exist() {
        for (wrong, nearest) in [
            ("Describe:slow:1", "DescribeTags"),
            ("CreateStandbyWorkspace:slow:1", "CreateStandbyWorkspaces"),
            ("*:fast:1", "5xx-after"),
            ("*:twin:1", "Did you mean twins?"),
        ] {
            let message = wrong.parse::<Fault>().unwrap_err();
            assert!(message.contains(nearest), "{wrong}: {message}");
        }
    }
}
