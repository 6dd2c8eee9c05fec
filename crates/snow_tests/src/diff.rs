//! How two texts differ, line by line.

use std::fmt::Write;

/// Lines around a difference that are shown.
const CONTEXT: usize = 2;

/// The difference for people: `-` what was expected, `+` what came. `None` if they are equal. O(n · m) in the lines
/// between the first and the last difference.
pub fn diff(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let old: Vec<&str> = expected.split('\n').collect();
    let new: Vec<&str> = actual.split('\n').collect();
    let prefix = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let longest = old.len().min(new.len()) - prefix;
    let suffix = old.iter().rev().zip(new.iter().rev()).take(longest).take_while(|(a, b)| a == b).count();
    let mut text = String::new();
    for line in &old[prefix.saturating_sub(CONTEXT)..prefix] {
        let _ = writeln!(text, "  {line}");
    }
    write_middle(&old[prefix..old.len() - suffix], &new[prefix..new.len() - suffix], &mut text);
    for line in old[old.len() - suffix..].iter().take(CONTEXT) {
        let _ = writeln!(text, "  {line}");
    }
    Some(text)
}

/// A longest common subsequence stays; the rest is taken out or put in.
fn write_middle(old: &[&str], new: &[&str], text: &mut String) {
    // common[i][j]: lines that old[i..] and new[j..] share
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        let _ = if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            writeln!(text, "  {}", old[i - 1])
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            writeln!(text, "- {}", old[i - 1])
        } else {
            j += 1;
            writeln!(text, "+ {}", new[j - 1])
        };
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn only_what_differs_with_its_surroundings() {
        assert_eq!(diff("a\nb\n", "a\nb\n"), None);
        let text = diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\nx\n5\n7\n8\n").expect("they differ");
        expect![[r#"
              2
              3
            - 4
            + x
              5
            - 6
              7
              8
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn a_missing_end_of_line_shows() {
        expect![[r#"
              a
            - 
        "#]]
        .assert_eq(&diff("a\n", "a").expect("they differ"));
    }
}
