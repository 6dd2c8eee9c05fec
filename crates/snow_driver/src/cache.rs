//! Where the driver keeps files between runs.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How many executables of `snow run` are kept.
const KEEP: usize = 32;

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

/// Removes the oldest executables of `snow run` beyond the number that is kept, but none that was made in the last minutes:
/// another `snow run` may be about to start it. Failing to is no error.
pub fn prune(dir: &std::path::Path) {
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
