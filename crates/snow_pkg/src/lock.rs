//! What does `snow.lock` say, and how is it written?
//!
//! It holds packages from git only: those in folders are what they are. Sorted, so that equal results are equal texts.

use std::ops::Range;

use semver::Version;
use toml_edit::{Table, Value};

use crate::error::{PkgError, Place};
use crate::manifest::{Pin, parse_toml};

/// The name of the file.
pub const LOCK: &str = "snow.lock";

/// The form of the file that this version of the compiler reads and writes.
const FORM: i64 = 1;

/// The state of a git package that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) version: Version,
    /// Where it comes from.
    pub(crate) git: String,
    /// What the manifests ask for.
    pub(crate) pin: Pin,
    /// The commit, whole.
    pub(crate) commit: String,
    /// What names its content.
    pub(crate) hash: String,
}

/// The chosen states, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) packages: Vec<Locked>,
}

impl Lock {
    pub(crate) fn parse(text: &str, shown: &str) -> Result<Lock, PkgError> {
        let document = parse_toml(text, shown).map_err(with_help)?;
        let damaged = |what: &str, range: Range<usize>| {
            with_help(
                PkgError::new("E0815", format!("{shown} is damaged: {what}"))
                    .at(Place::of(shown, text, range)),
            )
        };
        match document.get("version").and_then(|v| v.as_integer()) {
            Some(FORM) => {}
            Some(newer) if newer > FORM => {
                let place = document.get("version").and_then(|v| v.span()).unwrap_or(0..0);
                return Err(PkgError::new(
                    "E0815",
                    format!("{shown} was written by a newer version of Snow"),
                )
                .at(Place::of(shown, text, place))
                .help("use that version, or delete the file to solve anew"));
            }
            _ => return Err(damaged("it doesn't say `version = 1`", 0..0)),
        }
        let Some(tables) = document.get("package") else { return Ok(Lock::default()) };
        let tables =
            tables.as_array_of_tables().ok_or_else(|| damaged("`package` is no list of tables", 0..0))?;
        let read = |table: &Table| {
            let range = table.span().unwrap_or(0..0);
            parse_package(table).map_err(|what| damaged(&what, range))
        };
        Ok(Lock { packages: tables.iter().map(read).collect::<Result<_, _>>()? })
    }

    pub(crate) fn find(&self, name: &str, git: &str, pin: &Pin) -> Option<&Locked> {
        self.packages.iter().find(|p| p.name == name && p.git == git && &p.pin == pin)
    }

    /// The file's text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("# Written by snow. `snow deps --update` solves anew.\n");
        text.push_str(&format!("version = {FORM}\n"));
        let mut packages: Vec<&Locked> = self.packages.iter().collect();
        packages.sort_by_key(|p| (&p.name, &p.git, &p.pin));
        for package in packages {
            text.push_str("\n[[package]]\n");
            let version = package.version.to_string();
            let mut line = |key: &str, value: &str| {
                text.push_str(&format!("{key} = {}\n", Value::from(value).to_string().trim()));
            };
            line("name", &package.name);
            line("version", &version);
            line("git", &package.git);
            match &package.pin {
                Pin::Versions => {}
                Pin::Tag(tag) => line("tag", tag),
                Pin::Rev(rev) => line("rev", rev),
                Pin::Branch(branch) => line("branch", branch),
            }
            line("commit", &package.commit);
            line("hash", &package.hash);
        }
        text
    }

    /// What is different in `new`, one line a package.
    pub(crate) fn changes(&self, new: &Lock) -> Vec<String> {
        let old = |p: &Locked| self.packages.iter().find(|o| o.name == p.name);
        let mut lines: Vec<String> = new.packages.iter().filter_map(|p| change(old(p), p)).collect();
        let gone = self.packages.iter().filter(|o| !new.packages.iter().any(|p| p.name == o.name));
        lines.extend(gone.map(|o| format!("- {} {}", o.name, o.version)));
        lines
    }
}

fn change(old: Option<&Locked>, new: &Locked) -> Option<String> {
    let short = |p: &Locked| p.commit.get(..7).unwrap_or(&p.commit).to_owned();
    match old {
        None => Some(format!("+ {} {}", new.name, new.version)),
        Some(old) if old.version != new.version => {
            Some(format!("~ {} {} -> {}", new.name, old.version, new.version))
        }
        Some(old) if old.commit != new.commit => {
            Some(format!("~ {} {}: commit {} -> {}", new.name, new.version, short(old), short(new)))
        }
        Some(_) => None,
    }
}

fn with_help(error: PkgError) -> PkgError {
    error.help("bring it back from your version control, or delete it: the next command solves anew")
}

fn parse_package(table: &Table) -> Result<Locked, String> {
    let optional = |key: &str| table.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    let text = |key: &str| optional(key).ok_or_else(|| format!("a package has no `{key}`"));
    let pin = match (optional("tag"), optional("rev"), optional("branch")) {
        (Some(tag), None, None) => Pin::Tag(tag),
        (None, Some(rev), None) => Pin::Rev(rev),
        (None, None, Some(branch)) => Pin::Branch(branch),
        (None, None, None) => Pin::Versions,
        _ => return Err("a package has more than one of `tag`, `rev` and `branch`".to_owned()),
    };
    let (version, commit) = (text("version")?, text("commit")?);
    let whole = matches!(commit.len(), 40 | 64) && commit.chars().all(|c| c.is_ascii_hexdigit());
    if !whole {
        return Err(format!("`{commit}` is not a commit"));
    }
    Ok(Locked {
        name: text("name")?,
        version: Version::parse(&version).map_err(|e| format!("`{version}` is not a version: {e}"))?,
        git: text("git")?,
        pin,
        commit,
        hash: text("hash")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, pin: Pin) -> Locked {
        Locked {
            name: name.to_owned(),
            version: Version::new(1, 2, 0),
            git: format!("https://a.example/\"{name}"),
            pin,
            commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            hash: "sha256:00".to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let pins =
            [Pin::Versions, Pin::Tag("a".into()), Pin::Rev("0123456".into()), Pin::Branch("main".into())];
        let packages = pins.into_iter().enumerate().map(|(i, pin)| package(&format!("p{i}"), pin)).collect();
        let lock = Lock { packages };
        assert_eq!(Lock::parse(&lock.text(), "snow.lock"), Ok(lock));
    }

    #[test]
    fn the_order_is_stable() {
        let (a, b) = (package("a", Pin::Versions), package("b", Pin::Versions));
        let texts = [vec![a.clone(), b.clone()], vec![b, a]].map(|packages| Lock { packages }.text());
        assert_eq!(texts[0], texts[1]);
    }

    #[test]
    fn damage_is_reported_with_its_place() {
        let error = |text: &str| Lock::parse(text, "snow.lock").unwrap_err().to_string();
        assert!(error("version = ").contains("snow.lock:1:"), "{}", error("version = "));
        assert!(error("").contains("doesn't say `version = 1`"));
        assert!(error("version = 2").contains("newer version of Snow"));
        let text = "version = 1\n\n[[package]]\nname = \"a\"\n";
        assert!(error(text).contains("snow.lock:3:1"), "{}", error(text));
    }

    #[test]
    fn changes_are_told() {
        let old = Lock { packages: vec![package("a", Pin::Versions), package("b", Pin::Versions)] };
        let mut newer = package("b", Pin::Versions);
        newer.version = Version::new(1, 3, 0);
        let new = Lock { packages: vec![newer, package("c", Pin::Versions)] };
        assert_eq!(old.changes(&new), ["~ b 1.2.0 -> 1.3.0", "+ c 1.2.0", "- a 1.2.0"]);
    }
}
