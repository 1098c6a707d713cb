use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the simulator could not start.
///
/// Refusals of a request are not errors of this kind: they are answers, in the shape AWS gives
/// them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The fleet or state file could not be read or written.
    #[error("could not access {}", path.display())]
    File {
        /// The file named by the option.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The fleet or state file is not the JSON document it should be.
    #[error("{} is not a valid simulator document", path.display())]
    Document {
        /// The file named by the option.
        path: PathBuf,
        /// Where and why reading stopped.
        source: serde_json::Error,
    },
    /// The fleet contradicts itself or the API.
    #[error("the fleet cannot be simulated: {0}")]
    Fleet(String),
    /// The address is not on this machine's loopback interface.
    #[error(
        "{0} is not a loopback address, and the simulator does not authenticate callers; to listen \
         there anyway, name the hosts that clients use with --allow-host"
    )]
    NotLoopback(SocketAddr),
    /// Another program listens on the address.
    #[error(
        "{0} is in use, perhaps by another simulator or by LocalStack; choose another address with \
         --listen, for example --listen localhost:0"
    )]
    InUse(SocketAddr),
    /// The address could not be listened on.
    #[error("could not listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The certificates for `--tls` could not be made.
    #[error("could not make the TLS certificates")]
    Certificate(#[source] Box<dyn std::error::Error + Send + Sync>),
}
