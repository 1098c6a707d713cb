//! Where the plugin listens: a Unix socket nobody else can reach, or a port on the loopback
//! interface where that is not possible.

use std::{
    io,
    net::{Ipv4Addr, TcpListener as StdTcpListener},
    ops::RangeInclusive,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

use super::{Error, handshake::Placement};

/// A bound socket with its address in the words of the handshake line.
pub(super) struct Listener {
    /// Gives the connections.
    pub(super) acceptor: Acceptor,
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// An absolute path, or an IP address with port.
    pub(super) address: String,
    /// To be kept as long as the socket is used.
    pub(super) folder: SocketFolder,
}

/// The folder of a Unix socket. Dropping it removes both.
pub(super) type SocketFolder = Option<tempfile::TempDir>;

/// Accepts connections of either kind.
pub(super) enum Acceptor {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    Tcp(TcpListener),
}

/// A connection of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Listener {
    /// Binds a Unix socket, or a TCP port on systems without them, when the path would be too long
    /// for one and when no temporary folder can be written.
    ///
    /// # Errors
    /// The folder that was set for plugins cannot be written, the group cannot be given, or no port of the range is free.
    pub(super) fn bind(placement: &Placement) -> Result<Self, Error> {
        #[cfg(unix)]
        if let Some(listener) = unix::bind(placement)? {
            return Ok(listener);
        }
        bind_loopback(&placement.ports)
    }
}

impl Acceptor {
    /// Waits for the next connection.
    ///
    /// # Errors
    /// As the system's accept: the process is out of file descriptors, or the peer has gone again.
    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// Tries the ports from the lowest up.
fn bind_loopback(ports: &RangeInclusive<u16>) -> Result<Listener, Error> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for port in ports.clone() {
        match StdTcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(from_std) {
            Ok((listener, address)) => {
                return Ok(Listener {
                    acceptor: Acceptor::Tcp(listener),
                    network: "tcp",
                    address,
                    folder: None,
                });
            }
            Err(error) => last = error,
        }
    }
    Err(Error::PortsTaken { lowest: *ports.start(), highest: *ports.end(), source: last })
}

fn from_std(listener: StdTcpListener) -> io::Result<(TcpListener, String)> {
    let address = listener.local_addr()?.to_string();
    listener.set_nonblocking(true)?;
    Ok((TcpListener::from_std(listener)?, address))
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{self, Permissions},
        io,
        os::unix::{
            fs::{PermissionsExt, chown},
            net::SocketAddr,
        },
        path::{self, Path},
    };

    use tokio::net::UnixListener;

    use super::{Acceptor, Error, Listener, Placement};

    /// Binds a socket in a fresh folder of its own, or gives `None` when its path cannot be used.
    ///
    /// The folder closes the gap between making a socket and restricting it: whatever the umask,
    /// nobody else can pass through a folder of mode 0700.
    pub(super) fn bind(placement: &Placement) -> Result<Option<Listener>, Error> {
        let group = placement.socket_group.as_deref();
        let group_number = group.map(group_number).transpose()?;
        let failed =
            |source| Error::SocketFolder { folder: placement.socket_folder.clone(), source };

        let fresh = |parent: &Path| {
            tempfile::Builder::new()
                .prefix("terraform-plugin-")
                .permissions(Permissions::from_mode(0o700))
                .tempdir_in(path::absolute(parent)?)
        };
        // Terraform does not show what is wrong with the temporary folder, so another will do, and
        // without one a port. A folder that was set for plugins is meant to be used.
        let folder = match fresh(&placement.socket_folder) {
            Err(error) if placement.is_for_plugins => return Err(failed(error)),
            Err(_) => match fresh(Path::new("/tmp")) {
                Ok(folder) => folder,
                Err(_) => return Ok(None),
            },
            Ok(folder) => folder,
        };
        let socket = folder.path().join("socket");
        let Some(address) = announceable(&socket) else {
            return Ok(None);
        };

        let listener = UnixListener::bind(&socket).map_err(failed)?;
        restrict(&socket, 0o600).map_err(failed)?;
        if let Some((group, number)) = group.zip(group_number) {
            admit(folder.path(), &socket, number)
                .map_err(|source| Error::Group { group: group.to_owned(), source })?;
        }
        Ok(Some(Listener {
            acceptor: Acceptor::Unix(listener),
            network: "unix",
            address,
            folder: Some(folder),
        }))
    }

    /// The path as text, if a socket can have it (108 bytes on Linux, 104 on macOS) and a handshake
    /// line can hold it.
    fn announceable(socket: &Path) -> Option<String> {
        SocketAddr::from_pathname(socket).ok()?;
        socket.to_str().filter(|path| !path.contains(['|', '\n', '\r'])).map(str::to_owned)
    }

    /// Lets a group connect: pass through the folder, and write to the socket.
    fn admit(folder: &Path, socket: &Path, group: u32) -> io::Result<()> {
        for (path, mode) in [(folder, 0o710), (socket, 0o660)] {
            chown(path, None, Some(group))?;
            restrict(path, mode)?;
        }
        Ok(())
    }

    /// Sets the mode whatever the umask was.
    fn restrict(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    /// A group's number, given as such or by a name in `/etc/group`. Other directories of groups
    /// would need the C library, which is more than a variable that only container runners set is
    /// worth.
    fn group_number(group: &str) -> Result<u32, Error> {
        if let Ok(number) = group.parse() {
            return Ok(number);
        }
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        let number = groups.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(group)).then(|| fields.nth(1)?.parse().ok()).flatten()
        });
        number.ok_or_else(|| Error::UnknownGroup { group: group.to_owned() })
    }
}
