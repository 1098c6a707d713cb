use std::error::Error as StdError;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use tokio_rustls::rustls::Error::{InvalidCertificate, InvalidMessage, NoCertificatesPresented};

use crate::aws::error::transport::{NoConnection, ProxyFailed, WrongProtocol};

/// An error and all errors behind it, from the outermost to the innermost.
pub(in crate::aws) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| match cause.downcast_ref::<io::Error>() {
        // `source` of an I/O error skips the error that it wraps.
        Some(io) => io.get_ref().map(|held| held as &(dyn StdError + 'static)),
        None => cause.source(),
    })
}

/// The texts of the two innermost causes; the outer ones describe layers of the SDK.
pub(in crate::aws) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in causes(error) {
        let text = cause.to_string();
        // An outer text often repeats the inner one.
        texts.retain(|outer| !outer.contains(&text));
        texts.push(text);
    }
    let text = texts.split_off(texts.len().saturating_sub(2)).join(": ");
    let text = with_prefix::<ProxyFailed>(error, text);
    with_prefix::<NoConnection>(error, text)
}

/// The text with the cause of type `E` in front, unless it is part of the text already.
fn with_prefix<E: StdError + 'static>(error: &(dyn StdError + 'static), text: String) -> String {
    match find::<E>(error).map(ToString::to_string) {
        Some(prefix) if !text.contains(&prefix) => format!("{prefix}: {text}"),
        _ => text,
    }
}

/// The outermost cause of type `E`.
pub(in crate::aws) fn find<'a, E: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Whether the cause is a certificate that is not trusted.
pub(in crate::aws) fn is_untrusted(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        matches!(cause.downcast_ref(), Some(InvalidCertificate(_) | NoCertificatesPresented))
    })
}

/// Whether the cause is that the other side does not speak TLS.
pub(in crate::aws) fn is_not_tls(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| matches!(cause.downcast_ref(), Some(InvalidMessage(_))))
}

/// Whether the cause of a failed dispatch proves that nothing was sent, or that nothing but a proxy
/// got it.
pub(in crate::aws) fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    let is_refused = |io: &io::Error| io.kind() == io::ErrorKind::ConnectionRefused;
    causes(error).any(|cause| {
        cause.is::<NoConnection>()
            || cause.is::<ProxyFailed>()
            || cause.is::<WrongProtocol>()
            || cause.downcast_ref().is_some_and(is_refused)
    })
}

/// Whether the cause is that there were no credentials to sign the request with.
pub(in crate::aws) fn lacks_credentials(error: &(dyn StdError + 'static)) -> bool {
    find::<CredentialsError>(error).is_some()
}
