//! Mutual TLS: who is let in, and who is not.

use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ECDSA_P521_SHA512,
    PKCS_RSA_SHA256, RsaKeySize,
};
use tokio_rustls::rustls::{
    ALL_VERSIONS,
    version::{TLS12, TLS13},
};

use super::{call, handshake, refusal};
use crate::support::{
    client::{ClientCertificate, Handshake, Terraform},
    process::Environment,
};

/// The client of these tests checks what the Go client checks: the name, the purpose and the
/// validity.
#[tokio::test]
async fn every_kind_of_key_is_accepted_with_either_version_of_tls() {
    for key in [
        KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512),
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048),
    ] {
        let client = ClientCertificate::for_key(key.unwrap());
        let environment = Environment::of_terraform().with("PLUGIN_CLIENT_CERT", &client.pem);
        let (_process, handshake) = handshake(&environment).await;
        for version in [&TLS12, &TLS13] {
            call(&handshake, Some(&client), &[version]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_client_without_the_right_certificate_is_refused() {
    let client = ClientCertificate::of_terraform();
    let other = ClientCertificate::of_terraform();
    let environment = Environment::of_terraform().with("PLUGIN_CLIENT_CERT", &client.pem);
    let (_process, handshake) = handshake(&environment).await;
    let plaintext = Handshake { certificate: None, ..handshake.clone() };
    for version in [&TLS12, &TLS13] {
        call(&handshake, None, &[version]).await.expect_err("no certificate");
        call(&handshake, Some(&other), &[version]).await.expect_err("another certificate");
    }
    call(&plaintext, None, ALL_VERSIONS).await.expect_err("no TLS");
    call(&handshake, Some(&client), ALL_VERSIONS)
        .await
        .expect("strangers must not keep the right client out");
}

#[tokio::test]
async fn without_a_client_certificate_the_channel_is_not_encrypted() {
    for environment in
        [Environment::of_terraform(), Environment::of_terraform().with("PLUGIN_CLIENT_CERT", "")]
    {
        let terraform = Terraform::start_without_tls(environment).await;
        assert!(terraform.handshake.certificate.is_none());
        let report = terraform.shutdown().await;
        assert!(report.stdout.ends_with("|grpc|\n"), "{report:?}");
    }
}

#[tokio::test]
async fn an_unusable_client_certificate_stops_it_before_the_handshake() {
    let pem = ClientCertificate::of_terraform().pem;
    for unusable in ["nonsense", &pem[..pem.len() / 2], &format!("{pem}{pem}")] {
        let report =
            refusal(&Environment::of_terraform().with("PLUGIN_CLIENT_CERT", unusable)).await;
        assert!(report.stderr.contains("PLUGIN_CLIENT_CERT"), "{report:?}");
    }
}
