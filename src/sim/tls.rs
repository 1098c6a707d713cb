use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls_pki_types::PrivateKeyDer;
use tempfile::TempPath;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

use super::Error;

/// How to serve HTTPS.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// Where to write the certificate of the private CA; a temporary file, deleted at the end, when
    /// absent.
    pub ca_certificate_file: Option<PathBuf>,
}

/// Where the certificate of the private CA is.
#[derive(Debug)]
pub(super) enum CaFile {
    /// Deleted with this value.
    Temporary(TempPath),
    /// Named by the caller, and left behind.
    Kept(PathBuf),
}

/// Makes a private CA, a certificate for this machine's loopback names, and what accepts
/// connections with it.
///
/// # Errors
/// A certificate could not be made, or that of the CA could not be written.
pub(super) fn acceptor(tls: &Tls) -> Result<(TlsAcceptor, CaFile), Error> {
    let (config, ca_pem) = certificates().map_err(Error::Certificate)?;
    let file = write(tls, &ca_pem)?;
    Ok((TlsAcceptor::from(Arc::new(config)), file))
}

fn certificates() -> Result<(ServerConfig, String), Box<dyn std::error::Error + Send + Sync>> {
    let ca_key = KeyPair::generate()?;
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, "WorkSpaces simulator private CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_pem = ca.self_signed(&ca_key)?.pem();

    let key = KeyPair::generate()?;
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut server = CertificateParams::new(names)?;
    server.distinguished_name.push(DnType::CommonName, "localhost");
    // Strict verifiers want to be told what the certificate is for and which key signed it.
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let certificate = server.signed_by(&key, &Issuer::new(ca, ca_key))?;

    let private = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)?;
    Ok((config, ca_pem))
}

fn write(tls: &Tls, pem: &str) -> Result<CaFile, Error> {
    if let Some(path) = &tls.ca_certificate_file {
        std::fs::write(path, pem).map_err(|source| Error::File { path: path.clone(), source })?;
        return Ok(CaFile::Kept(path.clone()));
    }
    let make = || {
        let mut file = tempfile::Builder::new()
            .prefix("workspaces-simulator-ca-")
            .suffix(".pem")
            .tempfile()?;
        file.write_all(pem.as_bytes())?;
        Ok(file.into_temp_path())
    };
    make()
        .map(CaFile::Temporary)
        .map_err(|source| Error::File { path: "the temporary folder".into(), source })
}
