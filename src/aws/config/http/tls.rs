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

use crate::aws::config::access::source::{Setting, Source};
use crate::aws::config::files;
use crate::aws::error::transport::BadConnection;

/// TLS that trusts what the settings say: the authorities of a bundle, those of the system, or
/// anybody.
///
/// # Errors
/// The system has no root certificates.
pub(super) fn tls(
    insecure: bool,
    bundle: Option<RootCertStore>,
) -> Result<ClientConfig, BadConnection> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let settings = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| BadConnection::NoTls(error.to_string()))?;
    if insecure {
        let anybody = Arc::new(AcceptAny(provider));
        let settings = settings.dangerous().with_custom_certificate_verifier(anybody);
        return Ok(settings.with_no_client_auth());
    }
    let roots = match bundle {
        Some(bundle) => bundle,
        None => of_the_machine()?,
    };
    Ok(settings.with_root_certificates(roots).with_no_client_auth())
}

/// The authorities of a bundle, and a sentence for each certificate that cannot be used. These are
/// lost alone; bundles of companies often have one that is broken or of an unknown kind.
///
/// # Errors
/// The file cannot be read, or has no certificate that can be used.
pub(super) async fn read_bundle(
    bundle: &Setting<String>,
) -> Result<(RootCertStore, Vec<String>), BadConnection> {
    let bad = |why: String| BadConnection::CaBundle {
        place: bundle.source.to_string(),
        argument: match bundle.source {
            Source::Argument(name) => Some(name),
            _ => None,
        },
        file: bundle.value.clone(),
        why,
    };
    let bytes = files::read(&bundle.value, files::CA_BUNDLE).await.map_err(bad)?;
    let bytes = bytes.ok_or_else(|| bad("does not exist".to_owned()))?;
    let (roots, unusable) = roots(&bytes);
    match (roots.is_empty(), unusable.is_empty()) {
        (false, _) => Ok((roots, unusable)),
        (true, true) => Err(bad("has no certificate in PEM format".to_owned())),
        (true, false) => {
            Err(bad(format!("has no certificate that can be used: {}", unusable.join("; "))))
        }
    }
}

/// The certificates of a text in PEM format, and what is wrong with the others.
fn roots(bytes: &[u8]) -> (RootCertStore, Vec<String>) {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    let text = String::from_utf8_lossy(bytes);
    let (mut roots, mut unusable) = (RootCertStore::empty(), Vec::new());
    // Each on its own, so that one that is cut off does not take the next one with it.
    for (index, part) in text.split(BEGIN).skip(1).enumerate() {
        let pem = format!("{BEGIN}{part}");
        let why = match CertificateDer::from_pem_slice(pem.as_bytes()) {
            Err(_) => "is cut off or not in PEM format".to_owned(),
            Ok(certificate) => match roots.add(certificate) {
                Ok(()) => continue,
                Err(error) => format!("cannot be used as an authority ({error})"),
            },
        };
        unusable.push(format!("certificate {} {why}", index + 1));
    }
    (roots, unusable)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_cannot_be_used_is_lost_alone() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let good = authority.self_signed(&key).unwrap().pem();
        let cut_off: String = good.lines().take(3).map(|line| format!("{line}\n")).collect();
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (text, usable, wrong) in [
            (good.clone(), 1, vec![]),
            (format!("# ours\n{good}{good}"), 1, vec![]),
            (format!("{cut_off}{good}"), 1, vec!["certificate 1 is cut off"]),
            (format!("{good}{broken}"), 1, vec!["certificate 2 cannot be used"]),
            (format!("{broken}{cut_off}"), 0, vec!["certificate 1", "certificate 2"]),
            ("nothing".to_owned(), 0, vec![]),
        ] {
            let (roots, unusable) = roots(text.as_bytes());
            assert!(roots.len() >= usable && (usable > 0) != roots.is_empty(), "{text}");
            assert_eq!(unusable.len(), wrong.len(), "{unusable:?}");
            for (said, part) in unusable.iter().zip(wrong) {
                assert!(said.starts_with(part) && !said.contains('['), "{said}");
            }
        }
    }
}
