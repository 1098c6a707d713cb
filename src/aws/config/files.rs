//! Reads files without blocking the runtime, and with an end.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::time::Duration;

/// How long a file may take. A named pipe, which AWS's tools accept, may never be written to.
const PATIENCE: Duration = Duration::from_secs(10);

/// The largest shared file, in bytes. Large ones of real users have some hundred profiles.
pub(in crate::aws) const SHARED_FILE: usize = 4 << 20;

/// The largest file with a token, in bytes. Tokens go into a header of at most 64 KiB.
pub(in crate::aws) const TOKEN: usize = 64 << 10;

/// The largest bundle of certificates, in bytes; that of all public authorities has 250 KB.
pub(in crate::aws) const CA_BUNDLE: usize = 16 << 20;

/// The bytes of a file, or `None` if there is no such file.
///
/// # Errors
/// Why it cannot be read, which completes "The file …".
pub(in crate::aws) async fn read(path: &str, limit: usize) -> Result<Option<Vec<u8>>, String> {
    let reading = tokio::task::spawn_blocking({
        let path = path.to_owned();
        move || read_blocking(&path, limit)
    });
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(read)) => read,
        Ok(Err(lost)) => Err(format!("cannot be read: {lost}")),
        // The thread stays until the process ends.
        Err(_elapsed) => Err(format!("was not read within {} seconds", PATIENCE.as_secs())),
    }
}

/// The text of a file that has to exist, without space around it.
///
/// # Errors
/// Why it cannot be used, which completes "The file …".
pub(in crate::aws) async fn token(path: &str) -> Result<String, String> {
    let bytes = read(path, TOKEN).await?.ok_or_else(|| "does not exist".to_owned())?;
    let text = String::from_utf8(bytes).map_err(|_| "is not text".to_owned())?;
    match text.trim() {
        "" => Err("is empty".to_owned()),
        token => Ok(token.to_owned()),
    }
}

fn read_blocking(path: &str, limit: usize) -> Result<Option<Vec<u8>>, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit {
        return Err(format!("is larger than {} KiB", limit >> 10));
    }
    Ok(Some(bytes))
}
