use std::{io, path::PathBuf};

/// Why the plugin could not start. Terraform shows it to the user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `PLUGIN_CLIENT_CERT` is not exactly one certificate.
    #[error(
        "PLUGIN_CLIENT_CERT is not a valid certificate ({reason}); Terraform sets this variable, so unset it if you set it yourself"
    )]
    ClientCertificate {
        /// Why it is not valid.
        reason: String,
    },

    /// `PLUGIN_MIN_PORT` or `PLUGIN_MAX_PORT` is not a port number.
    #[error(
        "{variable} is {value:?}, which is not a port number; set it to a number from 0 to 65535, or unset it"
    )]
    Port {
        /// The name of the variable.
        variable: &'static str,
        /// Its value.
        value: String,
    },

    /// The port range is empty.
    #[error(
        "PLUGIN_MIN_PORT ({lowest}) is greater than PLUGIN_MAX_PORT ({highest}); swap them, or unset both"
    )]
    PortRange {
        /// `PLUGIN_MIN_PORT`.
        lowest: u16,
        /// `PLUGIN_MAX_PORT`.
        highest: u16,
    },

    /// No port of the range can be bound.
    #[error(
        "no port from {lowest} to {highest} on 127.0.0.1 is available; widen the range of PLUGIN_MIN_PORT and PLUGIN_MAX_PORT"
    )]
    PortsTaken {
        /// `PLUGIN_MIN_PORT`.
        lowest: u16,
        /// `PLUGIN_MAX_PORT`.
        highest: u16,
        /// The error of the last port.
        source: io::Error,
    },

    /// The directory for the Unix socket does not exist, is not writable, or has a path that is too
    /// long.
    #[error(
        "cannot create a socket in {directory:?}; set PLUGIN_UNIX_SOCKET_DIR to a writable directory with a short path"
    )]
    SocketDirectory {
        /// `PLUGIN_UNIX_SOCKET_DIR`.
        directory: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },

    /// The connection is not encrypted, and there is no place for a socket that only this user can
    /// access.
    #[error(
        "cannot create a private Unix socket ({reasons}), and the provider does not listen on a port without TLS; set TMPDIR to a directory with a short path that only you can write to"
    )]
    Unprotected {
        /// The places that were tried, each with the reason.
        reasons: String,
    },

    /// `PLUGIN_UNIX_SOCKET_GROUP` is not a group.
    #[error(
        "PLUGIN_UNIX_SOCKET_GROUP is {group:?}, which is neither a name in /etc/group nor a valid group ID; set it to a group ID"
    )]
    UnknownGroup {
        /// The value of the variable.
        group: String,
    },

    /// The group of the socket could not be set to `PLUGIN_UNIX_SOCKET_GROUP`.
    #[error(
        "cannot set the group of the socket to PLUGIN_UNIX_SOCKET_GROUP ({group:?}); use a group that this user belongs to"
    )]
    Group {
        /// The value of the variable.
        group: String,
        /// The error of the operating system.
        source: io::Error,
    },

    /// The server certificate could not be generated.
    #[error("cannot generate a certificate for the connection to Terraform")]
    ServerCertificate(#[from] rcgen::Error),

    /// The TLS configuration is not valid.
    #[error("cannot configure TLS for the connection to Terraform")]
    Tls(#[from] tokio_rustls::rustls::Error),

    /// The signal handlers could not be installed.
    #[error("cannot install signal handlers")]
    Signals(#[source] io::Error),

    /// The handshake line could not be written, because standard output is closed.
    #[error("cannot write the handshake line to standard output")]
    Announce(#[source] io::Error),
}
