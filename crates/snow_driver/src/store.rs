//! Keeps files between runs, each under the hash of all that it was made from.
//!
//! - An entry is written aside and renamed: who reads sees all of it or nothing, however many compilers run.
//! - Its last bytes are a hash of the others: a damaged entry counts as none, and is written again.
//! - The store has a limit. Who writes takes away the entries that weren't used for the longest time, but none that was
//!   used in the last minutes: another compiler may be about to link it.
//!
//! It doesn't know what it keeps.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use snow_base::ContentHash;

/// The time of an entry's last use is noted this exactly.
const TOUCH: Duration = Duration::from_secs(5 * 60);
/// Entries used within this time stay.
const FRESH: Duration = Duration::from_secs(15 * 60);

/// A folder of entries.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    /// Bytes that it holds at most.
    limit: u64,
}

impl Store {
    /// The store in a folder, which is made if it isn't there.
    pub(crate) fn open(dir: PathBuf, limit: u64) -> io::Result<Store> {
        fs::create_dir_all(&dir)?;
        Ok(Store { dir, limit })
    }

    /// Whether there is an entry, damaged or not. O(1).
    pub(crate) fn has(&self, key: ContentHash) -> bool {
        self.path(key).exists()
    }

    /// The entry's file, if the entry is there and whole. Its content has the hash behind it. O(size).
    pub(crate) fn find(&self, key: ContentHash) -> Option<PathBuf> {
        let path = self.path(key);
        content(&fs::read(&path).ok()?)?;
        touch(&path);
        Some(path)
    }

    /// What an entry holds, if the entry is there and whole. O(size).
    pub(crate) fn read(&self, key: ContentHash) -> Option<Vec<u8>> {
        let path = self.path(key);
        let mut bytes = fs::read(&path).ok()?;
        let len = content(&bytes)?.len();
        bytes.truncate(len);
        touch(&path);
        Some(bytes)
    }

    /// Writes an entry, and gives its file. O(size).
    pub(crate) fn write(&self, key: ContentHash, bytes: &[u8]) -> io::Result<PathBuf> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let path = self.path(key);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let aside = self.dir.join(format!("{key}.{}.{number}.part", std::process::id()));
        let mut all = bytes.to_vec();
        all.extend(ContentHash::of(bytes).to_bytes());
        fs::write(&aside, all).and_then(|()| fs::rename(&aside, &path))?;
        Ok(path)
    }

    /// Takes away what hasn't been used for the longest time, until the limit is kept. O(entries).
    pub(crate) fn prune(&self) {
        self.prune_to(self.limit, SystemTime::now());
    }

    fn prune_to(&self, limit: u64, now: SystemTime) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        let dated = entries.flatten().filter_map(|entry| {
            let meta = entry.metadata().ok()?;
            Some((meta.modified().ok()?, meta.len(), entry.path()))
        });
        let mut dated: Vec<(SystemTime, u64, PathBuf)> = dated.collect();
        let mut size: u64 = dated.iter().map(|entry| entry.1).sum();
        dated.sort();
        for (used, len, path) in dated {
            let is_old = now.duration_since(used).is_ok_and(|age| age >= FRESH);
            if size <= limit || !is_old {
                return;
            }
            // Another compiler may have taken it away.
            if fs::remove_file(path).is_ok() {
                size -= len;
            }
        }
    }

    fn path(&self, key: ContentHash) -> PathBuf {
        self.dir.join(key.to_string())
    }
}

/// An entry's bytes without the hash behind them; `None` if they are damaged.
fn content(bytes: &[u8]) -> Option<&[u8]> {
    let (content, hash) = bytes.split_last_chunk::<16>()?;
    (ContentHash::of(content).to_bytes() == *hash).then_some(content)
}

/// Notes that an entry is used. Failing to only makes it look older than it is.
fn touch(path: &Path) {
    let now = SystemTime::now();
    let used = fs::metadata(path).and_then(|meta| meta.modified());
    if used.is_ok_and(|used| now.duration_since(used).is_ok_and(|age| age > TOUCH))
        && let Ok(file) = fs::File::open(path)
    {
        let _ = file.set_modified(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("objects"), 512 << 20).unwrap();
        (dir, store)
    }

    fn key(n: u8) -> ContentHash {
        ContentHash::of(&[n])
    }

    #[test]
    fn gives_what_was_written() {
        let (_dir, store) = store();
        assert_eq!(store.find(key(1)), None);
        store.write(key(1), b"first").unwrap();
        let path = store.write(key(1), b"second").unwrap();
        assert_eq!(store.find(key(1)), Some(path.clone()));
        assert_eq!(store.find(key(2)), None);
        assert_eq!((store.has(key(1)), store.has(key(2))), (true, false));
        assert_eq!((store.read(key(1)).as_deref(), store.read(key(2))), (Some(&b"second"[..]), None));
        assert!(fs::read(path).unwrap().starts_with(b"second"));
        assert_eq!(fs::read_dir(&store.dir).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn what_is_damaged_counts_as_missing() {
        let (_dir, store) = store();
        let path = store.write(key(1), b"something").unwrap();
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[3] ^= 1;
        for damaged in [&changed[..], &whole[..whole.len() - 1], &whole[..7], b""] {
            fs::write(&path, damaged).unwrap();
            assert_eq!((store.find(key(1)), store.read(key(1))), (None, None));
        }
        store.write(key(1), b"something").unwrap();
        assert_eq!(store.find(key(1)), Some(path));
    }

    #[test]
    fn the_oldest_go_first_and_fresh_ones_stay() {
        let (_dir, store) = store();
        let now = SystemTime::now();
        for n in 0..4u8 {
            let path = store.write(key(n), &[n; 84]).unwrap();
            let age = Duration::from_secs(3600 * u64::from(4 - n));
            fs::File::open(path).unwrap().set_modified(now - age).unwrap();
        }
        let left = || (0..4).filter(|&n| store.path(key(n)).exists()).collect::<Vec<u8>>();
        store.prune_to(300, now);
        assert_eq!(left(), [1, 2, 3]);
        // Two and a half hours earlier they were fresh.
        store.prune_to(0, now - Duration::from_secs(9000));
        assert_eq!(left(), [2, 3]);
        // Use makes fresh.
        store.find(key(2)).unwrap();
        store.prune_to(0, now);
        assert_eq!(left(), [2]);
    }
}
