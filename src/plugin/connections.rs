//! From accepted sockets to the connections tonic serves. tonic's own TLS cannot pin a client's
//! certificate, so the TLS handshake happens here.

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

/// How long a client may take for the TLS handshake. Terraform is on the same machine and needs
/// milliseconds; this only frees what a stranger's connection holds.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait after a failed accept. It fails when the process has no file descriptor left,
/// and would again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The connections as they come, and how many of them are open. Accepting ends when the stream is
/// dropped.
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
                    tracing::warn!(error = %error, "a connection could not be accepted");
                    // Until the pause is over or the server gone.
                    let _ = time::timeout(ACCEPT_PAUSE, sender.closed()).await;
                }
            }
        }
    });
    (ReceiverStream::new(connections), open)
}

/// Brings one connection to the point where HTTP/2 begins.
async fn prepare(
    stream: Box<dyn Stream>,
    tls: Option<TlsAcceptor>,
    count: Arc<watch::Sender<usize>>,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let stream = match tls {
        None => stream,
        Some(tls) => match time::timeout(HANDSHAKE_LIMIT, tls.accept(stream)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => return tracing::warn!(error = %error, "a connection was refused"),
            Err(_) => {
                return tracing::warn!(
                    "a connection was refused: it did not complete the TLS handshake"
                );
            }
        },
    };
    // It fails when the server has gone, and the connection then closes with it.
    let _ = sender.send(Ok(Connection { stream, _open: Open::new(count) })).await;
}

/// A connection, encrypted or not. It counts as open until it is dropped.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    _open: Open,
}

/// One of the open connections.
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
