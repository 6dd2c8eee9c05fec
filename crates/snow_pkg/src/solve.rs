//! Which version of each package?
//!
//! The solver asks [`Offers`] what there is; it reads and fetches nothing itself. Packages of one name but different
//! sources are different packages to it; that a project has one of them only is checked on the result.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;

use pubgrub::{Dependencies, DependencyProvider, PackageResolutionStatistics, PubGrubError, resolve};
use semver::{Version, VersionReq};

use crate::error::{PkgError, Place};
use crate::explain;
use crate::manifest::Pin;
use crate::version::{Range, best, range_of};

/// A package, whatever its version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) source: Source,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Where a package comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A folder. `fence`: the folder of the fetched package that it is part of, and may not look out of.
    Path { dir: PathBuf, fence: Option<PathBuf> },
    /// A git repository.
    Git { url: String, pin: Pin },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Path { dir, .. } => write!(f, "{}", dir.display()),
            Source::Git { url, pin: Pin::Versions } => f.write_str(url),
            Source::Git { url, pin } => write!(f, "{url}, {pin}"),
        }
    }
}

/// What one version of a package asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) key: Key,
    pub(crate) requirement: Option<VersionReq>,
    pub(crate) place: Place,
}

impl Need {
    /// The requirement for people.
    pub(crate) fn asked(&self) -> String {
        let pin = match &self.key.source {
            Source::Git { pin: Pin::Versions, .. } | Source::Path { .. } => None,
            Source::Git { pin, .. } => Some(pin.to_string()),
        };
        let version = self.requirement.as_ref().map(ToString::to_string);
        let words: Vec<String> = pin.into_iter().chain(version).collect();
        if words.is_empty() { "in any version".to_owned() } else { words.join(", ") }
    }
}

/// What the needs of a version are, or why it can't be used, in a few words.
pub(crate) type Needs = Result<Rc<[Need]>, String>;

/// What there is.
pub(crate) trait Offers {
    /// The version to keep if it fits, found without asking anybody.
    fn kept(&self, key: &Key) -> Option<Version>;
    /// The versions of a package, in any order.
    fn versions(&self, key: &Key) -> Result<Vec<Version>, PkgError>;
    /// What a version needs.
    fn needs(&self, key: &Key, version: &Version) -> Result<Needs, PkgError>;
}

/// A version of each package that is needed, and what it needs.
pub(crate) type Solution = BTreeMap<Key, (Version, Rc<[Need]>)>;

/// Finds versions that fit together.
pub(crate) fn solve(root: &Key, version: &Version, offers: &dyn Offers) -> Result<Solution, PkgError> {
    let provider = Provider { offers, seen: RefCell::default() };
    match resolve(&provider, root.clone(), version.clone()) {
        Ok(selected) => {
            let seen = provider.seen.into_inner();
            let chosen = selected.into_iter().map(|(key, version)| {
                let needs = seen.needs.get(&(key.clone(), version.clone())).cloned();
                let needs = needs.ok_or_else(|| internal(&key))?;
                Ok((key, (version, needs)))
            });
            chosen.collect()
        }
        Err(PubGrubError::NoSolution(tree)) => Err(explain::conflict(&tree, &provider.seen.into_inner())),
        Err(PubGrubError::ErrorRetrievingDependencies { source, .. })
        | Err(PubGrubError::ErrorChoosingVersion { source, .. })
        | Err(PubGrubError::ErrorInShouldCancel(source)) => Err(source),
    }
}

fn internal(key: &Key) -> PkgError {
    PkgError::internal(format!("the solver chose `{key}` without asking what it needs"))
}

/// What the solver learned on its way, for the result and for explanations.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) needs: BTreeMap<(Key, Version), Rc<[Need]>>,
    pub(crate) versions: BTreeMap<Key, Vec<Version>>,
}

struct Provider<'o> {
    offers: &'o dyn Offers,
    seen: RefCell<Seen>,
}

impl Provider<'_> {
    fn versions(&self, key: &Key) -> Result<Vec<Version>, PkgError> {
        if let Some(known) = self.seen.borrow().versions.get(key) {
            return Ok(known.clone());
        }
        let mut versions = self.offers.versions(key)?;
        versions.sort();
        self.seen.borrow_mut().versions.insert(key.clone(), versions.clone());
        Ok(versions)
    }
}

impl DependencyProvider for Provider<'_> {
    type P = Key;
    type V = Version;
    type VS = Range;
    type M = String;
    type Err = PkgError;
    type Priority = (u32, std::cmp::Reverse<Key>);

    /// Packages that were in conflicts first, then by name: the same project always gives the same result.
    fn prioritize(&self, key: &Key, _: &Range, conflicts: &PackageResolutionStatistics) -> Self::Priority {
        (conflicts.conflict_count(), std::cmp::Reverse(key.clone()))
    }

    fn choose_version(&self, key: &Key, range: &Range) -> Result<Option<Version>, PkgError> {
        if let Some(kept) = self.offers.kept(key).filter(|v| range.contains(v)) {
            return Ok(Some(kept));
        }
        Ok(best(&self.versions(key)?, range).cloned())
    }

    fn get_dependencies(
        &self,
        key: &Key,
        version: &Version,
    ) -> Result<Dependencies<Key, Range, String>, PkgError> {
        let needs = match self.offers.needs(key, version)? {
            Ok(needs) => needs,
            Err(reason) => return Ok(Dependencies::Unavailable(reason)),
        };
        self.seen.borrow_mut().needs.insert((key.clone(), version.clone()), needs.clone());
        let ranges = needs
            .iter()
            .map(|need| (need.key.clone(), need.requirement.as_ref().map_or_else(Range::full, range_of)));
        Ok(Dependencies::Available(ranges.collect()))
    }
}
