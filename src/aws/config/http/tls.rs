use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{self, CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::aws::config::settings::Connection;
use crate::aws::error::transport::BadConnection;

/// TLS that trusts what the settings say: the authorities of a file, those of the machine, or every
/// certificate.
///
/// # Errors
/// The file cannot be used, or the machine has no root certificates.
pub(super) fn tls(connection: &Connection) -> Result<ClientConfig, BadConnection> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let settings = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| BadConnection::NoTls(error.to_string()))?;
    if connection.insecure {
        let accept_any = Arc::new(AcceptAny(provider));
        let settings = settings.dangerous().with_custom_certificate_verifier(accept_any);
        return Ok(settings.with_no_client_auth());
    }
    let roots = match &connection.ca_bundle {
        Some(file) => of_file(file)?,
        None => of_the_machine()?,
    };
    Ok(settings.with_root_certificates(roots).with_no_client_auth())
}

fn of_file(file: &str) -> Result<RootCertStore, BadConnection> {
    let bad = |why: String| BadConnection::CaBundle { file: file.to_owned(), why };
    let text = std::fs::read(file).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| bad(format!("is not valid PEM: {error}")))?;
        roots
            .add(certificate)
            .map_err(|error| bad(format!("contains an invalid certificate: {error}")))?;
    }
    if roots.is_empty() {
        return Err(bad("contains no certificate in PEM format".to_owned()));
    }
    Ok(roots)
}

fn of_the_machine() -> Result<RootCertStore, BadConnection> {
    let mut roots = RootCertStore::empty();
    // Some machines have certificates that are broken or that rustls does not support.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(BadConnection::NoRoots);
    }
    Ok(roots)
}

/// Accepts every certificate, as `insecure` requires.
#[derive(Debug)]
struct AcceptAny(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _revocation: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
