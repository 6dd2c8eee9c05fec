//! The shape of the project's own source: who may use whom, sizes, heads, where `unsafe` may stand.
//!
//! Each rule gives [`Finding`]s; those listed with a reason in `tests/structure_exceptions.txt` are excused, and an
//! entry that excuses nothing is itself a finding.

pub mod crates;
mod functions;
pub mod source;
mod tokens;

use std::fmt;

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// A file, `file::function`, or a crate.
    pub place: String,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.rule, self.place, self.text)
    }
}

/// Takes out what `exceptions` excuses. Its lines: `rule place: reason`; `#` starts a comment.
pub fn excuse(findings: Vec<Finding>, exceptions: &str) -> Vec<Finding> {
    let mut left = findings;
    let mut odd = Vec::new();
    for line in exceptions.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parsed = line.split_once(": ").and_then(|(head, reason)| {
            let (rule, place) = head.split_once(' ')?;
            (!reason.trim().is_empty()).then_some((rule, place.trim()))
        });
        let before = left.len();
        if let Some((rule, place)) = parsed {
            left.retain(|finding| (finding.rule, finding.place.as_str()) != (rule, place));
        }
        if left.len() == before {
            let text = if parsed.is_some() { "excuses nothing" } else { "isn't `rule place: reason`" };
            odd.push(Finding { rule: "exception", place: line.to_owned(), text: text.to_owned() });
        }
    }
    left.extend(odd);
    left.sort();
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_need_a_reason_and_a_use() {
        let finding =
            |place: &str| Finding { rule: "size", place: place.to_owned(), text: "long".to_owned() };
        let left = excuse(
            vec![finding("a.rs"), finding("b.rs::f")],
            "# why\nsize b.rs::f: one match\nsize c.rs: gone\nsize a.rs:\n",
        );
        let shown: Vec<String> = left.iter().map(Finding::to_string).collect();
        assert_eq!(
            shown,
            [
                "exception size a.rs:: isn't `rule place: reason`",
                "exception size c.rs: gone: excuses nothing",
                "size a.rs: long",
            ]
        );
    }
}
