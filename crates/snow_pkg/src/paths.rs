//! Paths for people.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// A path without `.`, and without `a/..` in it, as far as its text tells.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        let before = tidy.components().next_back();
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(before, Some(Component::Normal(_))) => drop(tidy.pop()),
            part => tidy.push(part),
        }
    }
    tidy
}

/// `path` below `root`, both as the user knows them: tidy where that leads to the same place.
pub fn shown_path(root: &Path, path: &Path) -> PathBuf {
    let joined = root.join(path);
    let tidy = tidy(&joined);
    let same = fs::canonicalize(&joined).ok() == fs::canonicalize(&tidy).ok();
    if same && !tidy.as_os_str().is_empty() { tidy } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidy_paths() {
        for (path, expected) in
            [("app/../math", "math"), ("./a", "a"), ("../../a", "../../a"), ("/a/./b/..", "/a")]
        {
            assert_eq!(tidy(Path::new(path)), Path::new(expected));
        }
    }
}
