use std::{io, path::PathBuf};

/// Why the plugin could not start, told to whoever runs Terraform.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `PLUGIN_CLIENT_CERT` holds something else than one certificate.
    #[error(
        "the certificate in PLUGIN_CLIENT_CERT is unusable ({reason}); it is Terraform that sets it, so unset it if anything else did"
    )]
    ClientCertificate {
        /// What is wrong with it.
        reason: String,
    },

    /// `PLUGIN_MIN_PORT` or `PLUGIN_MAX_PORT` is no port number.
    #[error(
        "{variable} is {value:?}, which is not a port number; give one from 0 to 65535 or unset it"
    )]
    Port {
        /// The variable's name.
        variable: &'static str,
        /// Its value.
        value: String,
    },

    /// The port range is empty.
    #[error(
        "PLUGIN_MIN_PORT ({lowest}) is above PLUGIN_MAX_PORT ({highest}); swap them or unset both"
    )]
    PortRange {
        /// `PLUGIN_MIN_PORT`.
        lowest: u16,
        /// `PLUGIN_MAX_PORT`.
        highest: u16,
    },

    /// Every port of the range is taken or forbidden.
    #[error(
        "no port from {lowest} to {highest} on 127.0.0.1 is free; widen PLUGIN_MIN_PORT and PLUGIN_MAX_PORT"
    )]
    PortsTaken {
        /// `PLUGIN_MIN_PORT`.
        lowest: u16,
        /// `PLUGIN_MAX_PORT`.
        highest: u16,
        /// What the system said about the last port tried.
        source: io::Error,
    },

    /// The folder for the Unix socket does not exist or cannot be written.
    #[error("cannot make a socket in {}; set PLUGIN_UNIX_SOCKET_DIR or TMPDIR to a folder that can be written", folder.display())]
    SocketFolder {
        /// `PLUGIN_UNIX_SOCKET_DIR`, else the temporary folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// `PLUGIN_UNIX_SOCKET_GROUP` names no group.
    #[error(
        "PLUGIN_UNIX_SOCKET_GROUP is {group:?}, which is not in /etc/group; give a group's number"
    )]
    UnknownGroup {
        /// The variable's value.
        group: String,
    },

    /// The socket could not be given to the group of `PLUGIN_UNIX_SOCKET_GROUP`.
    #[error(
        "cannot give the socket to the group in PLUGIN_UNIX_SOCKET_GROUP ({group:?}); name one this user belongs to"
    )]
    Group {
        /// The variable's value.
        group: String,
        /// What the system said.
        source: io::Error,
    },

    /// The server's own certificate could not be made.
    #[error("cannot make a certificate for the connection with Terraform")]
    ServerCertificate(#[from] rcgen::Error),

    /// The TLS settings were refused.
    #[error("cannot prepare TLS for the connection with Terraform")]
    Tls(#[from] tokio_rustls::rustls::Error),

    /// The operating system refused to deliver signals.
    #[error("cannot listen for signals")]
    Signals(#[source] io::Error),

    /// The handshake line could not be written: whoever started the program no longer reads.
    #[error("cannot write the handshake line to standard output")]
    Announce(#[source] io::Error),
}
