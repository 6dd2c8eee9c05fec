//! Which known name did the user probably mean?

use snow_base::Name;

/// The candidate nearest to `name`, if one is near enough: at most a third of its letters differ. Ties go to the first by
/// text, so that the answer doesn't depend on the order of tables.
pub(crate) fn nearest(name: Name, candidates: impl IntoIterator<Item = Name>) -> Option<Name> {
    let wanted = name.as_str();
    let limit = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|c| *c != name && !c.as_str().is_empty())
        .map(|c| (distance(wanted, c.as_str()), c))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map(|(_, c)| c)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["height", "width", "area"].map(Name::new);
        assert_eq!(nearest(Name::new("hieght"), names), Some(Name::new("height")));
        assert_eq!(nearest(Name::new("with"), names), Some(Name::new("width")));
        assert_eq!(nearest(Name::new("volume"), names), None);
    }
}
