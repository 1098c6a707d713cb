//! What the environment asks for, and the one line that answers it. Pure: no sockets, no process.
//!
//! The variables and the line are those of go-plugin
//! (<https://github.com/hashicorp/go-plugin/blob/main/docs/guide-plugin-write-non-go.md>), the
//! cookie is Terraform's.

use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive, path::PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio_rustls::rustls::server::ParsedCertificate;

use super::Error;

/// The major version of the Terraform plugin protocol that is served, whatever versions the client
/// offers: a client that has none in common reports that better than we could.
pub const PROTOCOL_VERSION: u32 = 6;

/// The version of the handshake line itself.
const CORE_PROTOCOL_VERSION: u32 = 1;

const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Whether Terraform (or OpenTofu) started this process, as opposed to a person.
#[must_use]
pub fn started_by_terraform(environment: &BTreeMap<String, String>) -> bool {
    environment.get(COOKIE.0).is_some_and(|value| value == COOKIE.1)
}

/// What the client asked for.
#[derive(Debug)]
pub(super) struct Negotiated {
    /// The only certificate a client may present. Without one the connection is not encrypted.
    pub(super) client_certificate: Option<CertificateDer<'static>>,
    /// Where to listen.
    pub(super) placement: Placement,
    /// Whether the client knows the seventh field of the line.
    pub(super) knows_multiplexing: bool,
}

/// Where a server may listen.
#[derive(Debug)]
pub(super) struct Placement {
    /// The folder in which a Unix socket gets a folder of its own.
    pub(super) socket_folder: PathBuf,
    /// Whether that folder was set for plugins, and is not just where temporary files go.
    pub(super) is_for_plugins: bool,
    /// The group, by number or name, that may connect beside the user.
    pub(super) socket_group: Option<String>,
    /// The TCP ports to try, from the lowest up; 0 leaves the choice to the system.
    pub(super) ports: RangeInclusive<u16>,
}

impl Negotiated {
    /// Reads the variables of go-plugin.
    ///
    /// # Errors
    /// A certificate or a port that cannot be read, and an empty port range.
    pub(super) fn from_environment(environment: &BTreeMap<String, String>) -> Result<Self, Error> {
        Ok(Self {
            client_certificate: set(environment, "PLUGIN_CLIENT_CERT")
                .map(certificate)
                .transpose()?,
            placement: Placement::from_environment(environment)?,
            knows_multiplexing: environment.contains_key("PLUGIN_MULTIPLEX_GRPC"),
        })
    }

    /// The handshake line, without its line feed.
    ///
    /// The certificate is in base64 without padding, which is the only form the client decodes.
    /// Multiplexing is always declined, but only to clients that know the field.
    pub(super) fn line(
        &self,
        network: &str,
        address: impl Display,
        server_certificate: &[u8],
    ) -> String {
        let certificate = BASE64_STANDARD_NO_PAD.encode(server_certificate);
        let multiplexing = if self.knows_multiplexing { "|false" } else { "" };
        format!(
            "{CORE_PROTOCOL_VERSION}|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}{multiplexing}"
        )
    }
}

impl Placement {
    /// Reads where to listen; the default is the system's temporary folder.
    ///
    /// # Errors
    /// A port that cannot be read, and an empty port range.
    pub(super) fn from_environment(environment: &BTreeMap<String, String>) -> Result<Self, Error> {
        let for_plugins = set(environment, "PLUGIN_UNIX_SOCKET_DIR");
        let folder = for_plugins.or_else(|| set(environment, "TMPDIR"));
        let (lowest, highest) =
            (port(environment, "PLUGIN_MIN_PORT")?, port(environment, "PLUGIN_MAX_PORT")?);
        if lowest > highest {
            return Err(Error::PortRange { lowest, highest });
        }
        Ok(Self {
            socket_folder: folder.unwrap_or("/tmp").into(),
            is_for_plugins: for_plugins.is_some(),
            socket_group: set(environment, "PLUGIN_UNIX_SOCKET_GROUP").map(str::to_owned),
            ports: lowest..=highest,
        })
    }
}

/// A variable's value, if it has one: go-plugin takes an empty one for unset.
fn set<'a>(environment: &'a BTreeMap<String, String>, variable: &str) -> Option<&'a str> {
    environment.get(variable).map(String::as_str).filter(|value| !value.is_empty())
}

fn port(environment: &BTreeMap<String, String>, variable: &'static str) -> Result<u16, Error> {
    let value = set(environment, variable).unwrap_or("0");
    value.parse().map_err(|_| Error::Port { variable, value: value.to_owned() })
}

fn certificate(pem: &str) -> Result<CertificateDer<'static>, Error> {
    let unusable = |reason: String| Error::ClientCertificate { reason };
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    let certificate = match certificates.next() {
        None => return Err(unusable("no PEM certificate in it".into())),
        Some(Err(error)) => return Err(unusable(error.to_string())),
        Some(Ok(certificate)) => certificate,
    };
    if certificates.next().is_some() {
        return Err(unusable("more than one PEM certificate in it".into()));
    }
    ParsedCertificate::try_from(&certificate)
        .map_err(|_| unusable("it is not an X.509 certificate".into()))?;
    Ok(certificate)
}

#[cfg(test)]
mod tests;
