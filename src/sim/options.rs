use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::duration::parse_duration;
use super::fault;
use super::log::LogFormat;
use super::{Error, Fault, Fleet, Rate, ReplicationTarget, Settings, Tls, builtin};

/// The options of `simulate`, as written on the command line.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The loopback address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4566", value_parser = parse_listen)]
    pub listen: SocketAddr,

    /// A host name, besides the loopback names, that clients may use for the simulator
    ///
    /// With one, --listen may be any address, for example 0.0.0.0:4566 in a container. The simulator
    /// does not authenticate callers. Can be given several times
    #[arg(long, value_name = "HOST")]
    pub allow_host: Vec<String>,

    /// Serve HTTPS with a private CA, and print the path of its certificate
    #[arg(long)]
    pub tls: bool,

    /// A JSON file with the directories and primaries to start with, instead of the built-in fleet
    #[arg(long, value_name = "FILE")]
    pub fleet: Option<PathBuf>,

    /// Add N generated primaries in us-east-1
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = primaries())]
    pub primaries: u32,

    /// How long a new WorkSpace stays PENDING
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = parse_duration)]
    pub provisioning: Duration,

    /// How long a new id stays absent from DescribeWorkspaces
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = parse_duration)]
    pub visible_after: Duration,

    /// How long a WorkSpace stays TERMINATING before it is gone
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = parse_duration)]
    pub termination: Duration,

    /// How long changes take: data replication, start, stop, reboot, registration, connection aliases
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = parse_duration)]
    pub modification: Duration,

    /// How long after data replication is turned on the first recovery snapshot is reported
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = parse_duration)]
    pub snapshot_after: Duration,

    /// The shortest time that an answer takes
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = parse_duration)]
    pub latency: Duration,

    /// The longest lifetime of credentials from AssumeRole and AssumeRoleWithWebIdentity
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub session_lifetime: Option<Duration>,

    /// Calls per second that each operation of each Region allows [default: no limit]
    #[arg(long, value_name = "CALLS", value_parser = parse_rate)]
    pub rate: Option<f64>,

    /// Calls that each operation of each Region allows at once [default: twice the rate]
    #[arg(long, value_name = "CALLS", requires = "rate", value_parser = parse_rate)]
    pub burst: Option<f64>,

    /// Inject a fault, written OP:KIND:RATE, for example DescribeWorkspaces:5xx-before:0.1
    #[arg(long, value_name = "FAULT", long_help = fault::long_help())]
    pub fault: Vec<Fault>,

    /// The seed for identifiers and faults; the same seed repeats a run
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// The form of the log of calls on standard error
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub log: LogFormat,

    /// Print the address only, not what there is and how to use it
    #[arg(long)]
    pub quiet: bool,

    /// Save the account to this file, and restore it from there at the next start
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// The WorkSpace that ModifyWorkspaceProperties accepts DataReplication for; AWS does not
    /// document it
    #[arg(long, value_name = "TARGET", default_value = "primary")]
    pub replication_target: ReplicationTarget,
}

impl Options {
    /// The settings that the options stand for. Reads the fleet file, if one is named.
    ///
    /// # Errors
    /// The fleet file cannot be read or is not a fleet document.
    pub fn settings(&self) -> Result<Settings, Error> {
        let fleet = self.fleet.as_deref().map_or_else(|| Ok(builtin::fleet()), Fleet::read)?;
        let burst = |rate: f64| self.burst.unwrap_or(rate * 2.0).max(1.0);
        Ok(Settings {
            fleet,
            synthetic_primaries: self.primaries,
            provisioning: self.provisioning,
            visible_after: self.visible_after,
            termination: self.termination,
            modification: self.modification,
            snapshot_after: self.snapshot_after,
            latency: self.latency,
            session_lifetime: self.session_lifetime,
            rate: self.rate.map(|per_second| Rate { per_second, burst: burst(per_second) }),
            faults: self.fault.clone(),
            seed: self.seed,
            state_file: self.state.clone(),
            replication_target: self.replication_target,
        })
    }

    /// The argument of `listen` for `--tls`.
    #[must_use]
    pub fn tls(&self) -> Option<Tls> {
        self.tls.then(Tls::default)
    }
}

/// `localhost` stands for 127.0.0.1, which every client can reach.
fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let address = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    address.parse().map_err(|_| {
        "expected an address and a port, for example 127.0.0.1:4566 or localhost:0".to_owned()
    })
}

/// As many as the five digits of a generated id can number.
fn primaries() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(..=99_999)
}

fn parse_rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate.is_finite() => Ok(rate),
        _ => Err(format!("{text} is not a number of calls above 0")),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        options: Options,
    }

    fn parse(arguments: &str) -> Result<Options, clap::Error> {
        let words = std::iter::once("simulate").chain(arguments.split_whitespace());
        Command::try_parse_from(words).map(|command| command.options)
    }

    #[test]
    fn every_documented_option_is_taken() {
        let options = parse(
            "--listen localhost:0 --allow-host simulator --log json --quiet --tls --session-lifetime 15m --primaries 3 --provisioning 1s --visible-after 50ms \
             --termination 2m --latency 50ms --rate 5 --burst 10 --fault *:slow:0.1 \
             --fault DescribeTags:5xx-before:1 --seed 7 --state x.json --replication-target both",
        );
        let options = options.unwrap();
        let settings = options.settings().unwrap();
        assert_eq!(settings.rate, Some(Rate { per_second: 5.0, burst: 10.0 }));
        assert_eq!(settings.faults.len(), 2);
        assert_eq!(settings.replication_target, ReplicationTarget::Both);
        assert!(options.tls().is_some());
        assert_eq!(options.listen, SocketAddr::from(([127, 0, 0, 1], 0)));
        assert_eq!((options.log, options.quiet), (LogFormat::Json, true));
    }

    #[test]
    fn nonsense_is_refused() {
        for wrong in [
            "--burst 3",
            "--rate 0",
            "--fault x",
            "--listen here",
            "--replication-target none",
            "--log xml",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
