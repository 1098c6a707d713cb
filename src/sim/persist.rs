use std::io::Write;
use std::path::Path;

use super::Error;
use super::cloud::Cloud;

/// Reads the state file; none if it does not exist yet.
///
/// # Errors
/// The file cannot be read, or was not written by the simulator.
pub(super) fn load(path: &Path) -> Result<Option<Cloud>, Error> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::File { path: path.to_owned(), source }),
    };
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|source| Error::Document { path: path.to_owned(), source })
}

/// Writes the state file as a whole: a reader, or a restart after a crash, sees the old state or
/// the new one.
///
/// # Errors
/// The file or its folder cannot be written.
pub(super) fn save(path: &Path, cloud: &Cloud) -> Result<(), Error> {
    write(path, cloud).map_err(|source| Error::File { path: path.to_owned(), source })
}

fn write(path: &Path, cloud: &Cloud) -> std::io::Result<()> {
    let folder =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec(cloud)?)?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
