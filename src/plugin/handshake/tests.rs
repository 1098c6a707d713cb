use std::{collections::BTreeMap, path::PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};

use super::{ListenSettings, Negotiated, SocketDirectories, started_by_terraform};
use crate::plugin::Error;

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings(variables: &[(&str, &str)]) -> Result<ListenSettings, Error> {
    ListenSettings::from_environment(&environment(variables))
}

/// A certificate like that of Terraform.
fn client_certificate() -> rcgen::Certificate {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.self_signed(&KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap()).unwrap()
}

#[test]
fn the_cookie_identifies_terraform() {
    const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    for (variables, expected) in [
        (&[][..], false),
        (&[("TF_PLUGIN_MAGIC_COOKIE", "")], false),
        (&[("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f")], false),
        (&[("TF_PLUGIN_MAGIC_COOKIE", COOKIE)], true),
    ] {
        assert_eq!(started_by_terraform(&environment(variables)), expected, "{variables:?}");
    }
}

#[test]
fn the_line_has_a_seventh_field_only_for_clients_that_support_it() {
    for (variables, certificate, expected) in [
        (&[][..], &b""[..], "1|6|unix|/tmp/a/socket|grpc|"),
        (&[], b"1234", "1|6|unix|/tmp/a/socket|grpc|MTIzNA"),
        (&[("PLUGIN_PROTOCOL_VERSIONS", "5")], b"", "1|6|unix|/tmp/a/socket|grpc|"),
        (&[("PLUGIN_MULTIPLEX_GRPC", "false")], b"", "1|6|unix|/tmp/a/socket|grpc||false"),
        (&[("PLUGIN_MULTIPLEX_GRPC", "true")], b"1234", "1|6|unix|/tmp/a/socket|grpc|MTIzNA|false"),
    ] {
        let negotiated = Negotiated::from_environment(&environment(variables)).unwrap();
        assert_eq!(negotiated.line("unix", "/tmp/a/socket", certificate), expected);
    }
}

#[test]
fn the_environment_sets_the_socket_directory() {
    for (variables, expected) in [
        (&[][..], &["/tmp"][..]),
        (&[("TMPDIR", "")], &["/tmp"]),
        (&[("TMPDIR", "/a")], &["/a", "/tmp"]),
        (&[("TMPDIR", "/a"), ("XDG_RUNTIME_DIR", "/run/b")], &["/a", "/run/b", "/tmp"]),
    ] {
        let expected = expected.iter().map(PathBuf::from).collect();
        let found = settings(variables).unwrap().socket_directories;
        assert_eq!(found, SocketDirectories::Preferred(expected), "{variables:?}");
    }
    let found = settings(&[("TMPDIR", "/a"), ("PLUGIN_UNIX_SOCKET_DIR", "/b")]).unwrap();
    assert_eq!(found.socket_directories, SocketDirectories::Required("/b".into()));
}

#[test]
fn ports_are_parsed() {
    assert_eq!(settings(&[]).unwrap().ports, 0..=0);
    let range = [("PLUGIN_MIN_PORT", "10000"), ("PLUGIN_MAX_PORT", "25000")];
    assert_eq!(settings(&range).unwrap().ports, 10000..=25000);
}

#[test]
fn invalid_ports_are_errors() {
    for variables in [
        &[("PLUGIN_MIN_PORT", "many"), ("PLUGIN_MAX_PORT", "1")][..],
        &[("PLUGIN_MIN_PORT", "1"), ("PLUGIN_MAX_PORT", "65536")],
        &[("PLUGIN_MIN_PORT", "-1")],
    ] {
        assert!(matches!(settings(variables), Err(Error::Port { .. })), "{variables:?}");
    }
    let reversed = [("PLUGIN_MIN_PORT", "2"), ("PLUGIN_MAX_PORT", "1")];
    assert!(matches!(settings(&reversed), Err(Error::PortRange { lowest: 2, highest: 1 })));
}

#[test]
fn a_certificate_like_that_of_terraform_is_accepted() {
    let certificate = client_certificate();
    let negotiated =
        Negotiated::from_environment(&environment(&[("PLUGIN_CLIENT_CERT", &certificate.pem())]));
    assert_eq!(negotiated.unwrap().client_certificate.as_ref(), Some(certificate.der()));
}

#[test]
fn without_a_certificate_the_connection_is_not_encrypted() {
    for variables in [&[][..], &[("PLUGIN_CLIENT_CERT", "")]] {
        assert!(
            Negotiated::from_environment(&environment(variables))
                .unwrap()
                .client_certificate
                .is_none()
        );
    }
}

#[test]
fn anything_but_exactly_one_certificate_is_an_error() {
    let pem = client_certificate().pem();
    for invalid in [
        "nonsense".to_owned(),
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n".to_owned(),
        "-----BEGIN CERTIFICATE-----\nMTIzNA==\n-----END CERTIFICATE-----\n".to_owned(),
        pem[..pem.len() / 2].to_owned(),
        format!("{pem}{pem}"),
    ] {
        let result =
            Negotiated::from_environment(&environment(&[("PLUGIN_CLIENT_CERT", &invalid)]));
        assert!(matches!(result, Err(Error::ClientCertificate { .. })), "{invalid}");
    }
}
