//! Parses the environment of the plugin and formats the handshake line. Does no I/O.
//!
//! go-plugin defines the variables and the line
//! (<https://github.com/hashicorp/go-plugin/blob/main/docs/guide-plugin-write-non-go.md>).
//! Terraform defines the cookie.

use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive, path::PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio_rustls::rustls::server::ParsedCertificate;

use super::Error;

/// The major version of the Terraform plugin protocol, whatever versions the client offers. A client
/// that does not support it reports a better error than the provider could.
pub const PROTOCOL_VERSION: u32 = 6;

/// The version of the handshake line.
const CORE_PROTOCOL_VERSION: u32 = 1;

const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Whether Terraform or OpenTofu started this process.
#[must_use]
pub fn started_by_terraform(environment: &BTreeMap<String, String>) -> bool {
    environment.get(COOKIE.0).is_some_and(|value| value == COOKIE.1)
}

/// What the client requests.
#[derive(Debug)]
pub(super) struct Negotiated {
    /// The only client certificate to accept. Without it the connection is not encrypted, and must be
    /// a Unix socket.
    pub(super) client_certificate: Option<CertificateDer<'static>>,
    /// Where to listen.
    pub(super) listen: ListenSettings,
    /// Whether the client supports the seventh field of the line.
    pub(super) supports_multiplexing: bool,
}

/// Where to listen.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "without Unix sockets only the ports matter"))]
pub(super) struct ListenSettings {
    /// Where the directory of the Unix socket can be created, in order of preference.
    pub(super) socket_directories: SocketDirectories,
    /// The group, by ID or name, that may connect in addition to the user.
    pub(super) socket_group: Option<String>,
    /// The TCP ports to try in ascending order; 0 lets the system choose.
    pub(super) ports: RangeInclusive<u16>,
}

/// The parents that the directory of the Unix socket can have.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SocketDirectories {
    /// `PLUGIN_UNIX_SOCKET_DIR`: this one and no other.
    Required(PathBuf),
    /// The first that is suitable: the temporary directory, then short ones that the system has.
    Preferred(Vec<PathBuf>),
}

impl Negotiated {
    /// Parses the variables of go-plugin.
    ///
    /// # Errors
    /// The certificate or a port is not valid, or the port range is empty.
    pub(super) fn from_environment(environment: &BTreeMap<String, String>) -> Result<Self, Error> {
        Ok(Self {
            client_certificate: set(environment, "PLUGIN_CLIENT_CERT")
                .map(certificate)
                .transpose()?,
            listen: ListenSettings::from_environment(environment)?,
            supports_multiplexing: environment.contains_key("PLUGIN_MULTIPLEX_GRPC"),
        })
    }

    /// The handshake line, without the line feed.
    ///
    /// The certificate is base64 without padding, the only encoding that the client accepts. The
    /// seventh field declines multiplexing; clients that do not support multiplexing do not know it.
    pub(super) fn line(
        &self,
        network: &str,
        address: impl Display,
        server_certificate: &[u8],
    ) -> String {
        let certificate = BASE64_STANDARD_NO_PAD.encode(server_certificate);
        let multiplexing = if self.supports_multiplexing { "|false" } else { "" };
        format!(
            "{CORE_PROTOCOL_VERSION}|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}{multiplexing}"
        )
    }
}

impl ListenSettings {
    /// Parses where to listen.
    ///
    /// The path of a Unix socket has a limit of about 100 bytes, and a `TMPDIR` can be longer. The
    /// directory of the user (`XDG_RUNTIME_DIR`) and /tmp are short.
    ///
    /// # Errors
    /// A port is not valid, or the port range is empty.
    pub(super) fn from_environment(environment: &BTreeMap<String, String>) -> Result<Self, Error> {
        let socket_directories = match set(environment, "PLUGIN_UNIX_SOCKET_DIR") {
            Some(directory) => SocketDirectories::Required(directory.into()),
            None => {
                let set = ["TMPDIR", "XDG_RUNTIME_DIR"].map(|variable| set(environment, variable));
                let directories = set.into_iter().flatten().chain(["/tmp"]);
                SocketDirectories::Preferred(directories.map(PathBuf::from).collect())
            }
        };
        let (lowest, highest) =
            (port(environment, "PLUGIN_MIN_PORT")?, port(environment, "PLUGIN_MAX_PORT")?);
        if lowest > highest {
            return Err(Error::PortRange { lowest, highest });
        }
        Ok(Self {
            socket_directories,
            socket_group: set(environment, "PLUGIN_UNIX_SOCKET_GROUP").map(str::to_owned),
            ports: lowest..=highest,
        })
    }
}

/// The value of a variable. Like go-plugin, treats an empty value as unset.
fn set<'a>(environment: &'a BTreeMap<String, String>, variable: &str) -> Option<&'a str> {
    environment.get(variable).map(String::as_str).filter(|value| !value.is_empty())
}

fn port(environment: &BTreeMap<String, String>, variable: &'static str) -> Result<u16, Error> {
    let value = set(environment, variable).unwrap_or("0");
    value.parse().map_err(|_| Error::Port { variable, value: value.to_owned() })
}

fn certificate(pem: &str) -> Result<CertificateDer<'static>, Error> {
    let invalid = |reason: String| Error::ClientCertificate { reason };
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    let certificate = match certificates.next() {
        None => return Err(invalid("it has no PEM certificate".into())),
        Some(Err(error)) => return Err(invalid(error.to_string())),
        Some(Ok(certificate)) => certificate,
    };
    if certificates.next().is_some() {
        return Err(invalid("it has more than one PEM certificate".into()));
    }
    ParsedCertificate::try_from(&certificate)
        .map_err(|_| invalid("it is not an X.509 certificate".into()))?;
    Ok(certificate)
}

#[cfg(test)]
mod tests;
