use aws_smithy_runtime_api::box_error::BoxError;
use http::Uri;

/// Why no call can be made with the connection settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadConnection {
    /// The address of a proxy is not a valid proxy URL. It is not part of the error, because it may
    /// contain a password.
    #[error("the address of the proxy in {place} is not a valid proxy URL")]
    Proxy {
        /// Where it is set.
        place: String,
        /// The argument that sets it, if one does.
        argument: Option<&'static str>,
    },
    /// The file of trusted certificates cannot be used.
    #[error("the file {file:?}, which {place} names, {why}")]
    CaBundle {
        /// Where it is named.
        place: String,
        /// The argument that names it, if one does.
        argument: Option<&'static str>,
        /// Its path.
        file: String,
        /// What is wrong with it; completes "The file …".
        why: String,
    },
    /// The request has no address to be sent to.
    #[error("the endpoint is not an http or https URL")]
    NoAddress,
    /// The machine has no root certificates that can be read.
    #[error("this machine has no root certificates that can be read")]
    NoRoots,
    /// The system's cryptography does not work.
    #[error("TLS cannot be used: {0}")]
    NoTls(String),
}

/// No connection was made, so nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("could not connect to {endpoint}")]
pub(in crate::aws) struct NoConnection {
    pub(in crate::aws) endpoint: String,
    pub(in crate::aws) source: BoxError,
}

/// A proxy could not be reached, or refused the connection.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} cannot be used")]
pub(in crate::aws) struct ProxyFailed {
    /// Its address, without a password.
    pub(in crate::aws) proxy: Uri,
    pub(in crate::aws) source: BoxError,
}

/// An endpoint did not answer in time.
#[derive(Debug, thiserror::Error)]
pub(in crate::aws) enum NoAnswer {
    /// Nothing came.
    #[error("no answer from {endpoint} within {seconds} seconds")]
    Silent { endpoint: String, seconds: u64 },
    /// An answer began.
    #[error("the response of {endpoint} was not complete within {seconds} seconds")]
    Incomplete { endpoint: String, seconds: u64 },
}

/// An endpoint does not speak the protocol of its URL, so no request was carried out.
#[derive(Debug, thiserror::Error)]
pub(in crate::aws) enum WrongProtocol {
    /// TLS was offered to a port that does not speak it.
    #[error(
        "{0} does not speak TLS; the port may be one for http:// URLs, or a proxy may be in between"
    )]
    NotTls(String),
    /// What came back for a plain request is not HTTP.
    #[error("{0} does not speak plain HTTP; the port may be one for https:// URLs")]
    NotHttp(String),
}

/// Scheme, host and port of an address, without the path and query, which can hold secrets.
pub(in crate::aws) fn endpoint(to: &Uri) -> String {
    let scheme = to.scheme_str().unwrap_or("https");
    let port = to.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{scheme}://{}{port}", to.host().unwrap_or_default())
}
