//! Versions and what is asked of them, as the solver's ranges.
//!
//! A requirement is written as Cargo's are: `1.2` is `^1.2`, several parts are joined by commas.

use pubgrub::Ranges;
use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};

/// Which versions a requirement allows, as the solver counts with them.
pub(crate) type Range = Ranges<Version>;

/// The versions that `requirement` allows. A pre-release of the first version beyond the end is outside.
pub(crate) fn range_of(requirement: &VersionReq) -> Range {
    requirement.comparators.iter().map(range_of_part).fold(Range::full(), |all, part| all.intersection(&part))
}

fn range_of_part(part: &Comparator) -> Range {
    let low = Version {
        major: part.major,
        minor: part.minor.unwrap_or(0),
        patch: part.patch.unwrap_or(0),
        pre: part.pre.clone(),
        build: BuildMetadata::EMPTY,
    };
    match part.op {
        Op::Exact | Op::Wildcard if part.patch.is_some() => Range::singleton(low),
        Op::Exact | Op::Wildcard => Range::between(low, after_named(part)),
        Op::Greater if part.patch.is_some() => Range::strictly_higher_than(low),
        Op::Greater => Range::higher_than(after_named(part)),
        Op::GreaterEq => Range::higher_than(low),
        Op::Less => Range::strictly_lower_than(if part.pre.is_empty() { first_before(low) } else { low }),
        Op::LessEq if part.patch.is_some() => Range::lower_than(low),
        Op::LessEq => Range::strictly_lower_than(after_named(part)),
        Op::Tilde => Range::between(low, after_minor(part)),
        Op::Caret => Range::between(low, after_compatible(part)),
        // The set of operators is open; one that isn't known allows nothing.
        _ => Range::empty(),
    }
}

/// The first version beyond those that begin with the numbers that are named: `1.2` gives 1.3.
fn after_named(part: &Comparator) -> Version {
    match (part.minor, part.patch) {
        (None, _) => before_release(part.major.saturating_add(1), 0, 0),
        (Some(minor), None) => before_release(part.major, minor.saturating_add(1), 0),
        (Some(minor), Some(patch)) => before_release(part.major, minor, patch.saturating_add(1)),
    }
}

fn after_minor(part: &Comparator) -> Version {
    match part.minor {
        None => before_release(part.major.saturating_add(1), 0, 0),
        Some(minor) => before_release(part.major, minor.saturating_add(1), 0),
    }
}

/// The first version that may be incompatible: the leftmost number that isn't zero counts.
fn after_compatible(part: &Comparator) -> Version {
    match (part.major, part.minor, part.patch) {
        (0, Some(0), Some(patch)) => before_release(0, 0, patch.saturating_add(1)),
        (0, Some(minor), _) => before_release(0, minor.saturating_add(1), 0),
        (major, ..) => before_release(major.saturating_add(1), 0, 0),
    }
}

/// The lowest version that counts as this release's.
fn before_release(major: u64, minor: u64, patch: u64) -> Version {
    first_before(Version::new(major, minor, patch))
}

/// The lowest pre-release of a version.
fn first_before(version: Version) -> Version {
    Version { pre: Prerelease::new("0").unwrap_or(Prerelease::EMPTY), ..version }
}

/// The best of `offered` in `range`: the highest; a pre-release only if no release fits.
pub(crate) fn best<'a>(offered: &'a [Version], range: &Range) -> Option<&'a Version> {
    offered.iter().filter(|v| range.contains(*v)).max_by_key(|v| (v.pre.is_empty(), *v))
}

/// The version that a tag `v1.2.3` stands for. What stands behind a `+` makes no version of its own.
pub(crate) fn version_of_tag(tag: &str) -> Option<Version> {
    Version::parse(tag.strip_prefix('v')?).ok().filter(|v| v.build.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(requirement: &str, version: &str) -> bool {
        let range = range_of(&VersionReq::parse(requirement).unwrap());
        range.contains(&Version::parse(version).unwrap())
    }

    #[test]
    fn ranges_agree_with_the_requirements() {
        let requirements = [
            "1.2.3",
            "1.2",
            "1",
            "0.2.3",
            "0.2",
            "0.0.3",
            "0.0",
            "0",
            "~1.2.3",
            "~1.2",
            "~1",
            "=1.2.3",
            "=1.2",
            "=1",
            ">1.2.3",
            ">1.2",
            ">1",
            ">=1.2.3",
            ">=1.2",
            "<1.2.3",
            "<1.2",
            "<=1.2.3",
            "<=1.2",
            "<=1",
            "1.*",
            "1.2.*",
            "*",
            ">=1.1, <1.3",
        ];
        let versions: Vec<Version> = (0..125).map(|n| Version::new(n / 25, n / 5 % 5, n % 5)).collect();
        for requirement in requirements {
            let parsed = VersionReq::parse(requirement).unwrap();
            for version in &versions {
                let (mine, theirs) = (range_of(&parsed).contains(version), parsed.matches(version));
                assert_eq!(mine, theirs, "{requirement} and {version}");
            }
        }
    }

    #[test]
    fn prereleases() {
        assert!(!allows("1.2", "2.0.0-alpha"));
        assert!(!allows("<2", "2.0.0-alpha"));
        assert!(allows("=1.2.0-beta.1", "1.2.0-beta.1"));
        let offered: Vec<Version> =
            ["1.0.0", "1.1.0-rc", "1.2.0-rc"].iter().map(|v| Version::parse(v).unwrap()).collect();
        let best_of =
            |r: &str| best(&offered, &range_of(&VersionReq::parse(r).unwrap())).map(Version::to_string);
        assert_eq!(best_of("1").as_deref(), Some("1.0.0"));
        assert_eq!(best_of(">=1.2.0-rc").as_deref(), Some("1.2.0-rc"));
        assert_eq!(best_of("2"), None);
    }

    #[test]
    fn tags() {
        assert_eq!(version_of_tag("v1.2.3"), Some(Version::new(1, 2, 3)));
        assert_eq!(version_of_tag("1.2.3"), None);
        assert_eq!(version_of_tag("v1.2"), None);
    }
}
