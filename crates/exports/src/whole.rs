//! Files that are whole or not there.
//!
//! Bytes go to a temporary name in the same directory, through a SHA-256, and get their own name only when all of
//! them are on disk. So a reader that finds the name finds all of it; what a crash leaves is a file that is plainly a
//! leftover, and the next try writes over it.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tenantry_core::Problem;

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Unfinished {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    hash: Sha256,
    bytes: u64,
}

/// A file that is written, and waits for its name.
#[derive(Debug)]
pub(crate) struct Finished {
    temporary: PathBuf,
    path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

impl Unfinished {
    pub(crate) fn begin(path: &Path) -> Result<Self, Problem> {
        let temporary = temporary(path);
        let file = File::create(&temporary).map_err(crate::unwritten)?;
        Ok(Self { file, temporary, path: path.to_owned(), hash: Sha256::new(), bytes: 0 })
    }

    /// All bytes are on disk.
    pub(crate) fn finish(self) -> Result<Finished, Problem> {
        self.file.sync_all().map_err(crate::unwritten)?;
        let sha256 = hex(&self.hash.finalize());
        Ok(Finished { temporary: self.temporary, path: self.path, bytes: self.bytes, sha256 })
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Finished {
    /// Gives the file its name.
    pub(crate) fn publish(&self) -> Result<(), Problem> {
        rename(&self.temporary, &self.path).map_err(crate::unwritten)
    }
}

/// Writes a small file whole.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let mut file = Unfinished::begin(path)?;
    file.write_all(bytes).map_err(crate::unwritten)?;
    file.finish()?.publish()
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(crate::unwritten(error)),
        _ => Ok(()),
    }
}

/// The SHA-256 of a file that is there, and its length.
pub(crate) fn hash_of(path: &Path) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut File::open(path)?, &mut hash)?;
    Ok((bytes, hex(&hash.finalize())))
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.unfinished"))
}

/// The name must be as durable as the bytes: the directory is written through too.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
