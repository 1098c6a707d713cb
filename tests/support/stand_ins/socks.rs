use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::stand::Listener;

/// A SOCKS5 proxy that leads everything to one address, with a user and a password if some are set.
///
/// <https://www.rfc-editor.org/rfc/rfc1928>, <https://www.rfc-editor.org/rfc/rfc1929>
pub(crate) struct Socks {
    listener: Listener,
    passed: Arc<Mutex<Vec<String>>>,
}

impl Socks {
    /// One that leads to this URL, whatever name is asked for.
    pub(crate) fn to(url: &str, login: Option<(&str, &str)>) -> Self {
        let address = url.rsplit('/').next().expect("a part behind the slashes");
        let route: SocketAddr = address.parse().expect("an address of a socket");
        let login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
        let passed = Arc::<Mutex<Vec<String>>>::default();
        let remembered = passed.clone();
        let listener = Listener::start(move |stream| {
            let (login, remembered) = (login.clone(), remembered.clone());
            async move {
                // A client that breaks off is nothing to a proxy.
                let _ = pass(stream, route, login, &remembered).await;
            }
        });
        Self { listener, passed }
    }

    /// Host and port of the proxy.
    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.address
    }

    /// Hosts and ports that were asked for.
    pub(crate) fn passed(&self) -> Vec<String> {
        self.passed.lock().unwrap().clone()
    }
}

async fn pass(
    mut stream: TcpStream,
    route: SocketAddr,
    login: Option<(String, String)>,
    passed: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    const NO_LOGIN: u8 = 0;
    const LOGIN: u8 = 2;
    const REFUSED: u8 = 255;
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await?;
    let wanted = if login.is_some() { LOGIN } else { NO_LOGIN };
    let method = if methods.contains(&wanted) { wanted } else { REFUSED };
    stream.write_all(&[5, method]).await?;
    if let Some((user, password)) = login {
        let version = stream.read_u8().await?;
        let given = [text(&mut stream).await?, text(&mut stream).await?];
        let is_right = version == 1 && given == [user, password];
        stream.write_all(&[1, u8::from(!is_right)]).await?;
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await?;
    let host = match request[3] {
        3 => text(&mut stream).await?,
        _ => return Ok(()),
    };
    let port = stream.read_u16().await?;
    passed.lock().unwrap().push(format!("{host}:{port}"));
    let mut there = TcpStream::connect(route).await?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    tokio::io::copy_bidirectional(&mut stream, &mut there).await?;
    Ok(())
}

/// A text with its length before it.
async fn text(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut text = vec![0; usize::from(stream.read_u8().await?)];
    stream.read_exact(&mut text).await?;
    Ok(String::from_utf8(text).unwrap_or_default())
}
