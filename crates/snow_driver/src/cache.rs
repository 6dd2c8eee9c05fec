//! Where the driver keeps files between runs.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use snow_base::ContentHash;

/// How many files of executables of `snow run` are kept: each is two, itself and its hash.
const KEEP: usize = 64;

/// Executables made within this time stay.
const FRESH: Duration = Duration::from_secs(15 * 60);

/// The user's cache directory for Snow, created if it isn't there: `$XDG_CACHE_HOME/snow`, `~/.cache/snow`, or a
/// directory of the user's under the system's temporary one.
///
/// # Errors
/// None of them can be created.
pub fn dir() -> io::Result<PathBuf> {
    let home = env::var_os("HOME").map(|h| PathBuf::from(h).join(".cache"));
    let candidates = [env::var_os("XDG_CACHE_HOME").map(PathBuf::from), home, Some(env::temp_dir())];
    let mut last = io::Error::other("no directory for temporary files");
    for base in candidates.into_iter().flatten() {
        let dir = base.join("snow");
        match fs::create_dir_all(&dir) {
            Ok(()) => return Ok(dir),
            Err(e) => last = e,
        }
    }
    Err(last)
}

/// Whether an executable that [`keep_whole`] put here is there and undamaged. O(size).
pub fn is_whole(program: &Path) -> bool {
    let Ok(known) = fs::read(hash_file(program)) else { return false };
    fs::read(program).is_ok_and(|bytes| ContentHash::of(&bytes).to_bytes() == known[..])
}

/// Puts a finished executable where it is kept, with a hash beside it. Who reads sees all of it or nothing. O(size).
///
/// # Errors
/// The files can't be read, written or renamed.
pub fn keep_whole(unfinished: &Path, program: &Path) -> io::Result<()> {
    let hash = ContentHash::of(&fs::read(unfinished)?).to_bytes();
    if program.is_dir() {
        fs::remove_dir_all(program)?;
    }
    fs::rename(unfinished, program)?;
    let unfinished = unfinished.with_extension("hash.tmp");
    fs::write(&unfinished, hash)?;
    fs::rename(&unfinished, hash_file(program))
}

fn hash_file(program: &Path) -> PathBuf {
    program.with_extension("hash")
}

/// Removes the oldest executables of `snow run` beyond the number that is kept, but none that was made in the last minutes:
/// another `snow run` may be about to start it. Failing to is no error.
pub fn prune(dir: &Path) {
    let now = SystemTime::now();
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut dated: Vec<_> =
        (entries.flatten()).filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path()))).collect();
    dated.sort();
    let surplus = dated.len().saturating_sub(KEEP);
    let is_old = |made: SystemTime| now.duration_since(made).is_ok_and(|age| age >= FRESH);
    for (_, path) in dated.into_iter().take(surplus).filter(|(made, _)| is_old(*made)) {
        // Another `snow run` may have removed it.
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_executable_counts_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let (unfinished, program) = (dir.path().join("1.tmp"), dir.path().join("program"));
        let keep = || {
            fs::write(&unfinished, b"executable").unwrap();
            keep_whole(&unfinished, &program).unwrap();
        };
        assert!(!is_whole(&program));
        keep();
        assert!(is_whole(&program));
        fs::write(&program, b"exec").unwrap();
        assert!(!is_whole(&program));
        keep();
        assert!(is_whole(&program));
        fs::remove_file(hash_file(&program)).unwrap();
        assert!(!is_whole(&program));
    }
}
