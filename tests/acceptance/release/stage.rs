use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

pub(super) const NAME: &str = env!("CARGO_PKG_NAME");
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The root of the repository.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Asserts that a command went well, and returns its standard output.
#[track_caller]
pub(super) fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Packs programs into a folder, signed if there is a key.
pub(super) fn pack(to: &Path, programs: &[(&str, &Path)], key: Option<&Key>) -> Output {
    let mut command = Command::new("python3");
    command.arg(root().join("scripts/release")).args(["pack", "--out"]).arg(to);
    if let Some(key) = key {
        command.args(["--sign", Key::NAME]).env("GNUPGHOME", key.folder.path());
    }
    for (platform, program) in programs {
        command.arg(format!("{platform}={}", program.display()));
    }
    command.output().unwrap()
}

/// A file that stands in for the program of another platform.
pub(super) fn stand_in(folder: &Path) -> PathBuf {
    let program = folder.join("program");
    fs::write(&program, "stands in for the program of another platform\n").unwrap();
    program
}

/// The platform of this machine in the naming of Terraform.
pub(super) fn platform() -> (&'static str, &'static str) {
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    (if cfg!(target_os = "macos") { "darwin" } else { "linux" }, architecture)
}

/// An RSA key of gpg that lives as long as this value.
pub(super) struct Key {
    folder: TempDir,
}

impl Key {
    const NAME: &str = "release@example.com";

    /// A new key, or nothing if gpg is not installed, which is then said.
    #[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
    pub(super) fn new() -> Option<Self> {
        // Short, because the socket of gpg's agent is in it.
        let folder = tempfile::Builder::new().prefix("gpg").tempdir_in("/tmp").unwrap();
        let key = Self { folder };
        let options =
            ["--passphrase", "", "--quick-gen-key", Self::NAME, "rsa2048", "sign", "never"];
        match key.gpg(&options) {
            Ok(made) => {
                succeeded(&made);
                Some(key)
            }
            Err(_) => {
                println!("left out: gpg is not installed");
                None
            }
        }
    }

    /// Runs gpg with the folder of this key.
    pub(super) fn gpg(&self, arguments: &[&str]) -> std::io::Result<Output> {
        let mut command = Command::new("gpg");
        command.arg("--batch").args(arguments).env("GNUPGHOME", self.folder.path()).output()
    }

    /// The long ID of the key and its public part, as a registry passes them on.
    pub(super) fn public(&self) -> (String, String) {
        let listed = succeeded(&self.gpg(&["--list-keys", "--with-colons"]).unwrap());
        let id = listed.lines().find_map(|line| line.strip_prefix("pub:")?.split(':').nth(3));
        let armored = self.gpg(&["--armor", "--export", Self::NAME]).unwrap();
        (id.expect("the ID of the key").to_owned(), succeeded(&armored))
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // The agent would outlive the folder.
        let mut command = Command::new("gpgconf");
        command.args(["--kill", "gpg-agent"]).env("GNUPGHOME", self.folder.path());
        let _ = command.status();
    }
}

/// A folder served over HTTPS at a loopback port, as any web server for files does it.
pub(super) struct Https {
    server: Child,
    /// The address, without a slash at the end.
    pub(super) url: String,
    /// The certificate to trust, in PEM.
    pub(super) certificate: PathBuf,
}

const SERVER: &str = r#"
import functools, http.server, ssl, sys
folder, certificate, key = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
"#;

impl Https {
    /// Serves `served`, with a certificate for `localhost` that is written into `folder`.
    pub(super) fn start(folder: &Path, served: &Path) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.join(name));
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let mut server = Command::new("python3")
            .args(["-c", SERVER])
            .args([served, &certificate, &key])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { server, url: format!("https://localhost:{}", port.trim()), certificate }
    }
}

impl Drop for Https {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
