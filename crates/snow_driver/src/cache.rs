//! Where the driver keeps files between runs.

use std::env;
use std::fs;
use std::hash::Hasher;
use std::io;
use std::path::PathBuf;

/// How many executables of `snow run` are kept.
const KEEP: usize = 32;

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

/// A hash of bytes that names what they are: 128 bits as text.
pub fn content_name(parts: &[&[u8]]) -> String {
    let hash = |salt: u64| {
        let mut hasher = snow_base::FxHasher::default();
        hasher.write_u64(salt);
        for part in parts {
            hasher.write_usize(part.len());
            hasher.write(part);
        }
        hasher.finish()
    };
    format!("{:016x}{:016x}", hash(1), hash(0x9e37_79b9_7f4a_7c15))
}

/// Removes the oldest executables of `snow run` beyond the number that is kept. Failing to is no error.
pub fn prune(dir: &std::path::Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut dated: Vec<_> =
        (entries.flatten()).filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path()))).collect();
    dated.sort();
    let surplus = dated.len().saturating_sub(KEEP);
    for (_, path) in dated.into_iter().take(surplus) {
        // Another `snow run` may have removed it.
        let _ = fs::remove_file(path);
    }
}
