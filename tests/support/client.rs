//! Terraform's side of the plugin protocol, played against the built program: it reads the
//! handshake line, connects with mutual TLS as the Go client does, and calls the services.

use std::{error::Error, io, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P521_SHA512,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use terraform_provider_aws_workspaces::{
    plugin::proto::{
        Empty, grpc_broker_client::GrpcBrokerClient, grpc_controller_client::GrpcControllerClient,
        grpc_stdio_client::GrpcStdioClient,
    },
    rpc::proto::provider_client::ProviderClient,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ALL_VERSIONS, ClientConfig, RootCertStore, SupportedProtocolVersion,
        crypto::aws_lc_rs::default_provider,
    },
};
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::health_client::HealthClient;

use super::process::{Environment, ExitReport, Process, SOON};

/// A Terraform that has started the provider and connected to it.
pub(crate) struct Terraform {
    /// The provider.
    pub(crate) process: Process,
    /// What the provider said of itself.
    pub(crate) handshake: Handshake,
    channel: Channel,
}

impl Terraform {
    /// Starts the provider as Terraform does, with a fresh certificate, and connects.
    ///
    /// # Panics
    /// The provider does not start or refuses the connection.
    pub(crate) async fn start(environment: Environment) -> Self {
        let certificate = ClientCertificate::of_terraform();
        let environment = environment.with("PLUGIN_CLIENT_CERT", &certificate.pem);
        Self::start_with(&environment, Some(&certificate)).await
    }

    /// As [`Terraform::start`] with TF_DISABLE_PLUGIN_TLS set.
    pub(crate) async fn start_without_tls(environment: Environment) -> Self {
        Self::start_with(&environment, None).await
    }

    async fn start_with(
        environment: &Environment,
        certificate: Option<&ClientCertificate>,
    ) -> Self {
        let mut process = Process::start(&[], environment);
        let line = process
            .first_line()
            .await
            .unwrap_or_else(|report| panic!("no handshake line: {report:?}"));
        let handshake = Handshake::parse(&line);
        let channel = handshake.connect(certificate, ALL_VERSIONS).await.unwrap();
        Self { process, handshake, channel }
    }

    /// The provider's own service, with Terraform's message sizes: anything goes.
    pub(crate) fn provider(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel.clone())
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX)
    }

    /// Ends the process.
    pub(crate) fn controller(&self) -> GrpcControllerClient<Channel> {
        GrpcControllerClient::new(self.channel.clone())
    }

    /// What the process prints.
    pub(crate) fn stdio(&self) -> GrpcStdioClient<Channel> {
        GrpcStdioClient::new(self.channel.clone())
    }

    /// Further connections.
    pub(crate) fn broker(&self) -> GrpcBrokerClient<Channel> {
        GrpcBrokerClient::new(self.channel.clone())
    }

    /// Whether the process is well.
    pub(crate) fn health(&self) -> HealthClient<Channel> {
        HealthClient::new(self.channel.clone())
    }

    /// Ends the provider as Terraform does: Shutdown, close the connection, wait.
    ///
    /// # Panics
    /// The provider does not answer or does not end.
    pub(crate) async fn shutdown(self) -> ExitReport {
        let Self { mut process, channel, .. } = self;
        timeout(SOON, GrpcControllerClient::new(channel).shutdown(Empty {}))
            .await
            .unwrap()
            .unwrap();
        process.wait().await
    }
}

/// The fields of the handshake line.
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    /// The version of the line, 1.
    pub(crate) core_version: String,
    /// The major version of the Terraform protocol.
    pub(crate) version: String,
    /// `unix` or `tcp`.
    pub(crate) network: String,
    /// A path, or host and port.
    pub(crate) address: String,
    /// `grpc`.
    pub(crate) protocol: String,
    /// The server's certificate, absent without TLS.
    pub(crate) certificate: Option<CertificateDer<'static>>,
    /// The seventh field, absent for clients that do not know it.
    pub(crate) multiplexing: Option<String>,
}

impl Handshake {
    /// Reads a line as strictly as the Go client.
    pub(crate) fn parse(line: &str) -> Self {
        let fields: Vec<&str> = line.split('|').collect();
        let [core_version, version, network, address, protocol, certificate, rest @ ..] =
            fields.as_slice()
        else {
            panic!("fewer than six fields: {line}");
        };
        assert!(rest.len() <= 1, "more than seven fields: {line}");
        let certificate = (!certificate.is_empty())
            .then(|| BASE64_STANDARD_NO_PAD.decode(certificate).unwrap().into());
        Self {
            core_version: (*core_version).to_owned(),
            version: (*version).to_owned(),
            network: (*network).to_owned(),
            address: (*address).to_owned(),
            protocol: (*protocol).to_owned(),
            certificate,
            multiplexing: rest.first().map(|field| (*field).to_owned()),
        }
    }

    /// Connects, with TLS if there is a server certificate to trust. The client need not present a
    /// certificate.
    ///
    /// # Errors
    /// The socket or the TLS handshake fails. With TLS 1.3 a client learns only on its first call
    /// that the server refuses its certificate.
    pub(crate) async fn connect(
        &self,
        client: Option<&ClientCertificate>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Result<Channel, Box<dyn Error>> {
        let stream = self.socket().await?;
        let stream: Box<dyn Stream> = match &self.certificate {
            None => stream,
            Some(server) => {
                let connector = TlsConnector::from(Arc::new(tls(server, client, versions)?));
                Box::new(connector.connect(ServerName::try_from("localhost")?, stream).await?)
            }
        };
        let mut stream = Some(TokioIo::new(stream));
        let connector = tower::service_fn(move |_uri| {
            let stream = stream.take().ok_or_else(|| io::Error::other("the connection is closed"));
            async move { stream }
        });
        Ok(Endpoint::from_static("http://localhost").connect_with_connector(connector).await?)
    }

    async fn socket(&self) -> io::Result<Box<dyn Stream>> {
        match self.network.as_str() {
            "unix" => Ok(Box::new(UnixStream::connect(&self.address).await?)),
            "tcp" => Ok(Box::new(TcpStream::connect(&self.address).await?)),
            other => panic!("unknown network {other}"),
        }
    }
}

/// Trusts one server certificate for the name `localhost`, and speaks only HTTP/2.
fn tls(
    server: &CertificateDer<'static>,
    client: Option<&ClientCertificate>,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<ClientConfig, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    roots.add(server.clone())?;
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(versions)?
        .with_root_certificates(roots);
    let mut config = match client {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let key = PrivateKeyDer::try_from(client.key.serialize_der())?;
            builder.with_client_auth_cert(vec![client.der.clone()], key)?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// A connection of any kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A client's certificate with its key.
pub(crate) struct ClientCertificate {
    /// The form in `PLUGIN_CLIENT_CERT`.
    pub(crate) pem: String,
    der: CertificateDer<'static>,
    key: KeyPair,
}

impl ClientCertificate {
    /// Like the ones Terraform makes: for P-521 and, oddly for a client, a CA.
    pub(crate) fn of_terraform() -> Self {
        Self::for_key(KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap())
    }

    /// The same for another kind of key.
    pub(crate) fn for_key(key: KeyPair) -> Self {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.distinguished_name.push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().clone(), key }
    }
}
