//! Which known name did the user probably mean?
//!
//! Only spelling counts here; what a name may mean at its place is decided by the choice of candidates.

use snow_base::Span;

use crate::Diagnostic;

/// A known name that resembles one that isn't known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// The known name.
    pub name: String,
    /// Is it beyond doubt: one slip away in a name of some length, and no other name as near?
    pub sure: bool,
}

/// The candidate nearest to `name`, if one is near enough: at most a third of its letters differ. Ties go to the first
/// by text, so that the answer doesn't depend on the order of tables. O(candidates · length²).
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Near> {
    let letters = name.chars().count();
    let limit = if letters < 2 { 0 } else { (letters / 3).max(1) };
    let mut near: Vec<(usize, &str)> = (candidates.into_iter())
        .filter(|c| *c != name && !c.is_empty() && c.chars().count().abs_diff(letters) <= limit)
        .map(|c| (distance(name, c), c))
        .filter(|(d, _)| *d <= limit)
        .collect();
    near.sort_unstable();
    near.dedup();
    let &(slips, found) = near.first()?;
    let alone = near.get(1).is_none_or(|next| next.0 > slips);
    Some(Near { name: found.to_owned(), sure: alone && slips <= 1 && letters > 3 })
}

/// The number of letters to insert, delete, change or swap to get from one text to the other; capitals don't count.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

impl Diagnostic {
    /// Proposes to write a known name at `span`.
    pub fn with_suggestion(self, span: Span, near: Option<Near>) -> Self {
        let Some(Near { name, sure }) = near else { return self };
        let (title, edits) = (format!("did you mean `{name}`?"), vec![(span, name)]);
        if sure { self.with_safe_fix(title, edits) } else { self.with_fix(title, edits) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(name: &str, candidates: &[&str]) -> Option<(String, bool)> {
        nearest(name, candidates.iter().copied()).map(|n| (n.name, n.sure))
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["height", "width", "area"];
        assert_eq!(near("hieght", &names), Some(("height".to_owned(), true)));
        assert_eq!(near("with", &names), Some(("width".to_owned(), true)));
        assert_eq!(near("volume", &names), None);
        assert_eq!(near("x", &["y", "z"]), None);
        assert_eq!(near("X", &["x"]), Some(("x".to_owned(), false)));
    }

    #[test]
    fn a_tie_is_not_sure() {
        assert_eq!(near("printn", &["print", "println"]), Some(("print".to_owned(), false)));
    }
}
