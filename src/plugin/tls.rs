//! Mutual TLS as in go-plugin: each side passes its certificate to the other out of band, and no other
//! certificate is trusted.
//!
//! The certificate of Terraform is self-signed, uses the curve P-521 and is marked as a CA. The
//! default verifier of rustls rejects a CA certificate from a client, and its ring backend does not
//! support the curve. So this module uses the aws-lc-rs backend and a verifier that compares the
//! certificate with the one Terraform announced.

use std::sync::Arc;

use rcgen::{
    CertificateParams, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use tokio_rustls::rustls::{
    self, CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig,
    SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{self, CryptoProvider, aws_lc_rs},
    server::{
        NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};

use super::Error;

/// The server side of the connection.
#[derive(Debug)]
pub(super) struct Tls {
    /// The certificate in the handshake line, which the client trusts.
    pub(super) certificate: CertificateDer<'static>,
    /// The configuration for accepting connections.
    pub(super) config: Arc<ServerConfig>,
}

impl Tls {
    /// Generates a server certificate, and a configuration that accepts only the given client
    /// certificate.
    ///
    /// # Errors
    /// In practice only if the system has no random numbers.
    pub(super) fn new(client_certificate: CertificateDer<'static>) -> Result<Self, Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let (certificate, key) = server_certificate()?;
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(PinnedClient {
                certificate: client_certificate,
                provider,
            }))
            .with_single_cert(vec![certificate.clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        // A process has a single connection, so it never resumes a session.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { certificate, config: Arc::new(config) })
    }
}

/// A self-signed certificate for `localhost`, the name that the go-plugin client requires, and its
/// key.
///
/// Only this process has the key, so the validity period is irrelevant. It spans all dates that a
/// certificate can have, so that a wrong system clock does not matter.
fn server_certificate() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), Error> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(["localhost".to_owned()])?;
    params.not_before = rcgen::date_time_ymd(1970, 1, 1);
    params.not_after = rcgen::date_time_ymd(9999, 12, 31);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key)?.der().clone();
    Ok((certificate, PrivateKeyDer::Pkcs8(key.serialize_der().into())))
}

/// Accepts a single certificate, compared byte for byte. The client proves that it has the key.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for PinnedClient {
    /// Empty, because a client with hints omits a certificate whose issuer is not among them.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
