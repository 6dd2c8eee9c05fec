//! What is at a path, and changing that: on threads of the pool.

use std::fs;
use std::io::{Error, ErrorKind};

use snow_abi::io_fns::{FAILED, file_change, file_question};
use snow_rt::part::{Caller, Text};

use crate::blocking;
use crate::failure::{self, owned};
use crate::file::answer;

/// `file_change`
pub(crate) fn file_change(caller: &Caller, what: i64, path: Text<'_>, to: Text<'_>) -> bool {
    caller.note_outside("files");
    // SAFETY: the caller lends both; they are copied before the wait.
    let result = unsafe {
        let (path, to) = (owned(path), owned(to));
        blocking::run(caller, move || change(what, &path, &to))
    };
    answer(caller, result)
}

fn change(what: i64, path: &str, to: &str) -> Result<Vec<u8>, String> {
    let two = format!("{path} to {to}");
    let (tried, subject, result) = match what {
        file_change::DELETE => ("delete", path, fs::remove_file(path)),
        file_change::RENAME => ("rename", two.as_str(), fs::rename(path, to)),
        file_change::COPY => ("copy", two.as_str(), fs::copy(path, to).map(|_| ())),
        file_change::MAKE_DIR => ("make the directory", path, fs::create_dir(path)),
        file_change::MAKE_DIR_ALL => ("make the directory", path, fs::create_dir_all(path)),
        file_change::REMOVE_DIR_ALL => ("remove the directory", path, fs::remove_dir_all(path)),
        _ => return Err(format!("internal error: change {what} of {path}")),
    };
    result.map(|()| Vec::new()).map_err(|e| failure::text(tried, subject, &e))
}

/// `file_ask`
pub(crate) fn file_ask(caller: &Caller, what: i64, path: Text<'_>) -> i64 {
    caller.note_outside("files");
    // SAFETY: the caller lends the path; it is copied before the wait.
    let result = unsafe {
        let path = owned(path);
        blocking::run(caller, move || ask(what, &path))
    };
    result.unwrap_or_else(|text| {
        caller.answer(text.into_bytes());
        FAILED
    })
}

fn ask(what: i64, path: &str) -> Result<i64, String> {
    let look = |found: Result<fs::Metadata, Error>| match found {
        Ok(found) => Ok(Some(found)),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(failure::text("look at", path, &e)),
    };
    match what {
        file_question::EXISTS => Ok(look(fs::metadata(path))?.is_some().into()),
        file_question::IS_DIR => Ok(look(fs::metadata(path))?.is_some_and(|found| found.is_dir()).into()),
        _ => fs::metadata(path)
            .map(|found| found.len() as i64)
            .map_err(|e| failure::text("tell the size of", path, &e)),
    }
}

/// `file_list`
pub(crate) fn file_list(caller: &Caller, path: Text<'_>) -> bool {
    caller.note_outside("files");
    // SAFETY: the caller lends the path; it is copied before the wait.
    let result = unsafe {
        let path = owned(path);
        blocking::run(caller, move || list(&path))
    };
    answer(caller, result)
}

fn list(path: &str) -> Result<Vec<u8>, String> {
    let failed = |e: Error| failure::text("list", path, &e);
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.push(
            name.into_string().map_err(|name| {
                format!("can't list {path}: the name {} isn't text in UTF-8", name.display())
            })?,
        );
    }
    names.sort();
    Ok(names.iter().flat_map(|name| name.bytes().chain([0])).collect())
}

/// `file_temp_dir`
pub(crate) fn file_temp_dir(caller: &Caller) -> bool {
    caller.note_outside("files");
    // SAFETY: nothing is held.
    let result = unsafe { blocking::run(caller, temp_dir) };
    answer(caller, result)
}

fn temp_dir() -> Result<Vec<u8>, String> {
    let place = std::env::temp_dir();
    let shown = place.display().to_string();
    let made = tempfile::Builder::new().prefix("snow-").tempdir_in(place);
    let made = made.map_err(|e| failure::text("make a directory in", &shown, &e))?.keep();
    match made.into_os_string().into_string() {
        Ok(path) => Ok(path.into_bytes()),
        Err(path) => Err(format!("can't use {}: the name isn't text in UTF-8", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        for name in ["b", "a", "c d"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(list(path).unwrap(), b"a\0b\0c d\0");
    }

    #[test]
    fn nothing_is_no_failure_of_exists() {
        assert_eq!(ask(file_question::EXISTS, "/no/such"), Ok(0));
        assert_eq!(ask(file_question::IS_DIR, "/"), Ok(1));
        let told = ask(file_question::SIZE, "/no/such").unwrap_err();
        assert_eq!(told, "can't tell the size of /no/such: no such file or directory");
    }
}
