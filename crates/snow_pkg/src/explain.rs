//! Why do no versions fit together, in plain words?
//!
//! The solver's derivation is a tree of facts and what follows from them. A reader needs the facts: who asks for
//! what, and what there is. They are listed once each, in an order that doesn't depend on the derivation's.

use std::collections::{BTreeMap, BTreeSet};

use pubgrub::{DerivationTree, External};
use semver::Version;

use crate::error::{PkgError, Place};
use crate::solve::{Key, Need, Seen, Source};
use crate::version::Range;

/// As many facts as anybody reads.
const FACTS: usize = 12;

/// As many places as fit on a screen.
const LABELS: usize = 4;

/// The error for a project without a solution.
pub(crate) fn conflict(tree: &DerivationTree<Key, Range, String>, seen: &Seen) -> PkgError {
    let mut facts = Facts { seen, lines: BTreeSet::new(), places: BTreeMap::new() };
    let mut stack = vec![tree];
    while let Some(node) = stack.pop() {
        match node {
            DerivationTree::Derived(derived) => stack.extend([&*derived.cause2, &*derived.cause1]),
            DerivationTree::External(fact) => facts.add(fact),
        }
    }
    let hidden = facts.lines.len().saturating_sub(FACTS);
    let mut lines: Vec<String> = facts.lines.into_iter().take(FACTS).map(|line| line.1).collect();
    if hidden > 0 {
        lines.push(format!("and {hidden} more"));
    }
    let error = PkgError::new("E0811", "no versions of the dependencies fit together");
    let places = facts.places.into_iter().take(LABELS);
    let error = places.fold(error, |error, ((_, place), text)| error.label(place, text));
    error.note(lines.join("\n")).help(
        "ask for other versions in snow.toml, or use a version of the package in between that allows them",
    )
}

/// In the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// What the user can change.
    AskedHere,
    Asked,
    Offered,
    Unusable,
}

struct Facts<'s> {
    seen: &'s Seen,
    lines: BTreeSet<(Kind, String)>,
    places: BTreeMap<(Kind, Place), String>,
}

impl Facts<'_> {
    fn add(&mut self, fact: &External<Key, Range, String>) {
        match fact {
            External::NotRoot(..) => {}
            External::NoVersions(key, _) => {
                self.lines.insert((Kind::Offered, self.offered(key)));
            }
            External::Custom(key, range, reason) => {
                let versions = self.seen.versions.get(key).into_iter().flatten();
                let shown = list(versions.filter(|v| range.contains(*v)));
                let space = if shown.is_empty() { "" } else { " " };
                let line = format!("`{key}`{space}{shown} can't be used: {reason}");
                self.lines.insert((Kind::Unusable, line));
            }
            External::FromDependencyOf(key, range, needed, _) => self.add_asked(key, range, needed),
        }
    }

    /// Who asks for what: versions that ask for the same share a line.
    fn add_asked(&mut self, key: &Key, range: &Range, needed: &Key) {
        let kind = match &key.source {
            Source::Path { fence: None, .. } => Kind::AskedHere,
            _ => Kind::Asked,
        };
        let mut by_text: BTreeMap<String, Vec<&Version>> = BTreeMap::new();
        for ((asking, version), needs) in &self.seen.needs {
            if asking != key || !range.contains(version) {
                continue;
            }
            let found: Option<&Need> = needs.iter().find(|need| &need.key == needed);
            if let Some(need) = found {
                by_text.entry(need.asked()).or_default().push(version);
                self.places.insert((kind, need.place.clone()), format!("asks for {}", need.asked()));
            }
        }
        let lines = by_text
            .into_iter()
            .map(|(text, versions)| (kind, format!("`{key}` {} asks for `{needed}` {text}", list(versions))));
        self.lines.extend(lines);
    }

    fn offered(&self, key: &Key) -> String {
        let versions = self.seen.versions.get(key).map_or(&[][..], Vec::as_slice);
        if versions.is_empty() {
            return format!("`{key}` ({}) offers no version", key.source);
        }
        format!("`{key}` ({}) offers {}", key.source, list(versions))
    }
}

/// The versions for people: the last ones if there are many.
fn list<'v>(versions: impl IntoIterator<Item = &'v Version>) -> String {
    let all: Vec<String> = versions.into_iter().map(ToString::to_string).collect();
    match all.len() {
        0..=5 => all.join(", "),
        n => format!("{}, … {}", all[0], all[n - 4..].join(", ")),
    }
}
