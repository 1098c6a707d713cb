//! Accepts sockets and turns them into connections for tonic. The TLS handshake happens here, because
//! the TLS support of tonic cannot pin a client certificate.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{mpsc, watch},
    time,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::listen::{Acceptor, Stream};

/// The time limit of the TLS handshake. Terraform runs on the same machine and takes milliseconds.
/// The limit frees the resources of other clients.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// The delay after accepting a connection failed. It fails when the process has no free file
/// descriptor, and would fail again at once.
const ACCEPT_DELAY: Duration = Duration::from_millis(100);

/// A stream of connections, and the number of open ones. Dropping the stream stops accepting.
pub(super) fn accept(
    acceptor: Acceptor,
    tls: Option<Arc<ServerConfig>>,
) -> (ReceiverStream<io::Result<Connection>>, watch::Receiver<usize>) {
    let (sender, connections) = mpsc::channel(16);
    let (count, open) = watch::channel(0);
    tokio::spawn(async move {
        let (tls, count) = (tls.map(TlsAcceptor::from), Arc::new(count));
        loop {
            let accepted = tokio::select! {
                accepted = acceptor.accept() => accepted,
                () = sender.closed() => return,
            };
            match accepted {
                Ok(stream) => {
                    tokio::spawn(prepare(stream, tls.clone(), Arc::clone(&count), sender.clone()));
                }
                Err(error) => {
                    tracing::warn!(error = %error, "accepting a connection failed");
                    // Ends early if the server stops.
                    let _ = time::timeout(ACCEPT_DELAY, sender.closed()).await;
                }
            }
        }
    });
    (ReceiverStream::new(connections), open)
}

/// Does the TLS handshake of a connection and passes it to the server.
async fn prepare(
    stream: Box<dyn Stream>,
    tls: Option<TlsAcceptor>,
    count: Arc<watch::Sender<usize>>,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let stream = match tls {
        None => stream,
        Some(tls) => match time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => return tracing::warn!(error = %error, "TLS handshake failed"),
            Err(_) => {
                return tracing::warn!("TLS handshake timed out");
            }
        },
    };
    // This fails if the server has stopped. The connection is then closed.
    let _ = sender.send(Ok(Connection { stream, _open: Open::new(count) })).await;
}

/// A connection, with or without TLS. It counts as open until it is dropped.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    _open: Open,
}

/// Counts a connection as open until it is dropped.
struct Open(Arc<watch::Sender<usize>>);

impl Open {
    fn new(count: Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|open| *open += 1);
        Self(count)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
