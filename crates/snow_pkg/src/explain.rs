//! Why do no versions fit together, in plain words?
//!
//! The solver's derivation is a tree of facts and what follows from them. A reader needs the facts: who asks for
//! what, and what there is. They are listed once each, in the order in which the derivation uses them.

use std::collections::BTreeMap;

use pubgrub::{DerivationTree, External};
use semver::Version;

use crate::error::PkgError;
use crate::solve::{Key, Need, Seen};
use crate::version::Range;

/// As many facts as anybody reads.
const FACTS: usize = 12;

/// The error for a project without a solution.
pub(crate) fn conflict(tree: &DerivationTree<Key, Range, String>, seen: &Seen) -> PkgError {
    let mut facts = Vec::new();
    let mut place = None;
    let mut stack = vec![tree];
    while let Some(node) = stack.pop() {
        match node {
            DerivationTree::Derived(derived) => stack.extend([&*derived.cause2, &*derived.cause1]),
            DerivationTree::External(fact) => {
                for line in lines_of(fact, seen, &mut place) {
                    if !facts.contains(&line) {
                        facts.push(line);
                    }
                }
            }
        }
    }
    let hidden = facts.len().saturating_sub(FACTS);
    facts.truncate(FACTS);
    if hidden > 0 {
        facts.push(format!("and {hidden} more"));
    }
    let mut error = PkgError::new("no versions of the dependencies fit together");
    if let Some(need) = place {
        error = error.at(need);
    }
    error.note(facts.join("\n")).help(
        "ask for other versions in snow.toml, or use a version of the package in between that allows them",
    )
}

fn lines_of(
    fact: &External<Key, Range, String>,
    seen: &Seen,
    place: &mut Option<crate::error::Place>,
) -> Vec<String> {
    match fact {
        External::NotRoot(..) => Vec::new(),
        External::NoVersions(key, _) => vec![offered(key, seen)],
        External::Custom(key, range, reason) => {
            let versions = seen.versions.get(key).into_iter().flatten().filter(|v| range.contains(*v));
            let shown = list(versions);
            let space = if shown.is_empty() { "" } else { " " };
            vec![format!("`{key}`{space}{shown} can't be used: {reason}")]
        }
        External::FromDependencyOf(key, range, needed, _) => asked(key, range, needed, seen, place),
    }
}

/// Who asks for what: versions that ask for the same share a line.
fn asked(
    key: &Key,
    range: &Range,
    needed: &Key,
    seen: &Seen,
    place: &mut Option<crate::error::Place>,
) -> Vec<String> {
    let mut by_text: BTreeMap<String, Vec<&Version>> = BTreeMap::new();
    for ((asking, version), needs) in &seen.needs {
        if asking != key || !range.contains(version) {
            continue;
        }
        let mut found: Vec<&Need> = needs.iter().filter(|need| &need.key == needed).collect();
        if let Some(need) = found.pop() {
            by_text.entry(need.asked()).or_default().push(version);
            place.get_or_insert_with(|| need.place.clone());
        }
    }
    by_text
        .into_iter()
        .map(|(text, versions)| format!("`{key}` {} asks for `{needed}` {text}", list(versions)))
        .collect()
}

fn offered(key: &Key, seen: &Seen) -> String {
    let versions = seen.versions.get(key).map_or(&[][..], Vec::as_slice);
    if versions.is_empty() {
        return format!("`{key}` ({}) offers no version", key.source);
    }
    format!("`{key}` ({}) offers {}", key.source, list(versions))
}

/// The versions for people: the last ones if there are many.
fn list<'v>(versions: impl IntoIterator<Item = &'v Version>) -> String {
    let all: Vec<String> = versions.into_iter().map(ToString::to_string).collect();
    match all.len() {
        0..=5 => all.join(", "),
        n => format!("{}, … {}", all[0], all[n - 4..].join(", ")),
    }
}
