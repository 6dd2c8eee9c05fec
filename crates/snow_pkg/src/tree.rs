//! `snow deps`: a project's packages as a tree, for people.

use std::collections::BTreeSet;

use crate::manifest::Pin;
use crate::resolve::{Origin, Resolved};

/// The tree as text. What a package needs is shown where it stands first.
pub fn tree(resolved: &Resolved) -> String {
    let mut text = String::new();
    let mut shown = BTreeSet::new();
    // What is still to be shown: the lines before it, its own branch, the package.
    let mut open: Vec<(String, &str, usize)> = vec![(String::new(), "", 0)];
    while let Some((before, branch, index)) = open.pop() {
        let Some(package) = resolved.packages.get(index) else { continue };
        let again = !shown.insert(index) && !package.uses.is_empty();
        let note = if again { "  (see above)" } else { "" };
        text.push_str(&format!(
            "{before}{branch}{} {}{}{note}\n",
            package.name,
            package.version,
            origin(&package.origin)
        ));
        if again {
            continue;
        }
        let below = match branch {
            "" => before,
            "└─ " => before + "   ",
            _ => before + "│  ",
        };
        for (at, used) in package.uses.iter().enumerate().rev() {
            let last = at + 1 == package.uses.len();
            open.push((below.clone(), if last { "└─ " } else { "├─ " }, *used));
        }
    }
    text
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Project => String::new(),
        Origin::Folder(path) => format!("  {}", path.display()),
        Origin::Git { url, pin, commit } => {
            let short = commit.get(..7).unwrap_or(commit);
            match pin {
                Pin::Versions | Pin::Rev(_) => format!("  {url} ({short})"),
                pin => format!("  {url} ({pin}, {short})"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use semver::Version;

    use super::*;
    use crate::resolve::Package;

    #[test]
    fn a_tree() {
        let package = |name: &str, origin, uses: &[usize]| Package {
            name: name.to_owned(),
            version: Version::new(0, 1, 0),
            dir: "x".into(),
            origin,
            uses: uses.to_vec(),
        };
        let git = Origin::Git {
            url: "https://a.example/c".into(),
            pin: Pin::Branch("main".into()),
            commit: "0123456789".into(),
        };
        let resolved = Resolved {
            packages: vec![
                package("app", Origin::Project, &[1, 2]),
                package("a", Origin::Folder("../a".into()), &[3]),
                package("b", Origin::Folder("../b".into()), &[3]),
                package("c", git, &[4]),
                package("d", Origin::Folder("../d".into()), &[]),
            ],
            changes: vec![],
        };
        expect![[r#"
            app 0.1.0
            ├─ a 0.1.0  ../a
            │  └─ c 0.1.0  https://a.example/c (branch main, 0123456)
            │     └─ d 0.1.0  ../d
            └─ b 0.1.0  ../b
               └─ c 0.1.0  https://a.example/c (branch main, 0123456)  (see above)
        "#]]
        .assert_eq(&tree(&resolved));
    }
}
