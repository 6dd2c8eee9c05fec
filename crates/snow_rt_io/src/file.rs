//! Reading and writing whole files, on threads of the pool.
//!
//! Replacing a file is atomic: a temporary file beside it is written and renamed, so others see the old content or the new.

use std::fs::{self, OpenOptions};
use std::io::{Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

use snow_abi::io_fns::file_write;
use snow_rt::part::{Caller, Text};

use crate::blocking;
use crate::failure::{self, owned};

/// `file_read`
pub(crate) fn file_read(caller: &Caller, path: Text<'_>, as_text: bool) -> bool {
    caller.note_outside("files");
    // SAFETY: the caller lends the path; it is copied before the wait.
    let result = unsafe {
        let path = owned(path);
        blocking::run(caller, move || read(&path, as_text))
    };
    answer(caller, result)
}

/// Leaves what an operation gave, or why it failed.
pub(crate) fn answer(caller: &Caller, result: Result<Vec<u8>, String>) -> bool {
    let worked = result.is_ok();
    caller.answer(result.unwrap_or_else(String::into_bytes));
    worked
}

fn read(path: &str, as_text: bool) -> Result<Vec<u8>, String> {
    let content = fs::read(path).map_err(|e| failure::text("read", path, &e))?;
    if as_text && let Err(error) = std::str::from_utf8(&content) {
        return Err(format!("can't read {path}: {}", not_text(error.valid_up_to())));
    }
    Ok(content)
}

/// What is wrong with bytes that aren't UTF-8 at `at`.
pub(crate) fn not_text(at: usize) -> String {
    format!("it isn't text in UTF-8 (byte {at})")
}

/// `file_write`
pub(crate) fn file_write(caller: &Caller, path: Text<'_>, content: Text<'_>, how: i64) -> bool {
    caller.note_outside("files");
    // SAFETY: the caller lends both; they are copied before the wait.
    let result = unsafe {
        let (path, content) = (owned(path), caller.copy(content));
        blocking::run(caller, move || write(&path, &content, how))
    };
    answer(caller, result)
}

fn write(path: &str, content: &[u8], how: i64) -> Result<Vec<u8>, String> {
    let (tried, result) = match how {
        file_write::APPEND => ("append to", append(path, content)),
        _ => ("write", replace(path, content)),
    };
    result.map(|()| Vec::new()).map_err(|e| failure::text(tried, path, &e))
}

fn append(path: &str, content: &[u8]) -> Result<(), Error> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(content)
}

/// Writes a file in place of what is there. What isn't an ordinary file, as a pipe or a device, is written into.
fn replace(path: &str, content: &[u8]) -> Result<(), Error> {
    let old = match fs::metadata(path) {
        Ok(old) if old.is_dir() => return Err(Error::from_raw_os_error(libc::EISDIR)),
        Ok(old) if !old.is_file() => {
            return OpenOptions::new().write(true).open(path)?.write_all(content);
        }
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if old.is_some() {
        // Who may not write the file may not replace it either.
        OpenOptions::new().append(true).open(path)?;
    }
    let place = behind_links(path)?;
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut part = builder(old.as_ref()).tempfile_in(folder)?;
    part.write_all(content)?;
    if let Some(old) = &old {
        part.as_file().set_permissions(old.permissions())?;
    }
    part.persist(&place).map(|_| ()).map_err(|e| e.error)
}

/// A new file gets the rights that the system gives to new files.
fn builder(old: Option<&fs::Metadata>) -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".snow-").suffix(".part");
    if old.is_none() {
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// Where a path leads, so that a link stays one when its file is replaced.
fn behind_links(path: &str) -> Result<PathBuf, Error> {
    match fs::symlink_metadata(path) {
        Ok(entry) if entry.is_symlink() => fs::canonicalize(path),
        _ => Ok(PathBuf::from(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_folder(test: impl FnOnce(&dyn Fn(&str) -> String)) {
        let folder = tempfile::tempdir().unwrap();
        test(&|name| folder.path().join(name).to_str().unwrap().to_owned());
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
    }

    #[test]
    fn replacing_keeps_rights_and_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        in_folder(|at| {
            let (file, link) = (at("a"), at("link"));
            write(&file, b"one", file_write::REPLACE).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
            symlink(&file, &link).unwrap();
            write(&link, b"two", file_write::REPLACE).unwrap();
            assert_eq!(fs::read(&file).unwrap(), b"two");
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        });
    }

    #[test]
    fn appending_makes_the_file() {
        in_folder(|at| {
            write(&at("a"), b"one", file_write::APPEND).unwrap();
            write(&at("a"), b"two", file_write::APPEND).unwrap();
            assert_eq!(read(&at("a"), true).unwrap(), b"onetwo");
        });
    }

    #[test]
    fn failures_say_what_is_wrong() {
        in_folder(|at| {
            fs::create_dir(at("d")).unwrap();
            fs::write(at("bytes"), b"ab\xff").unwrap();
            let told = |result: Result<Vec<u8>, String>| result.unwrap_err();
            assert!(told(read(&at("x"), true)).ends_with("/x: no such file or directory"));
            assert!(told(read(&at("bytes"), true)).ends_with("/bytes: it isn't text in UTF-8 (byte 2)"));
            assert!(told(write(&at("d"), b"", file_write::REPLACE)).ends_with("/d: is a directory"));
            assert!(
                told(write(&at("x/y"), b"", file_write::REPLACE))
                    .ends_with("/x/y: no such file or directory")
            );
            assert_eq!(read(&at("bytes"), false).unwrap(), b"ab\xff");
        });
    }
}
