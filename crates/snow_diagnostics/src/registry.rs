//! Every code that a diagnostic may have, with its long explanation (`snow explain E0101`).
//!
//! A code is added by one entry in the file of its stage under `codes/`.

use crate::codes;

/// The long form of one code.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    /// `E0101`, `W0001`.
    pub code: &'static str,
    /// One line.
    pub title: &'static str,
    /// Some paragraphs with an example, as Markdown.
    pub text: &'static str,
}

/// All codes: by stage, in each stage by number.
pub fn all() -> impl Iterator<Item = &'static Explanation> {
    codes::STAGES.iter().copied().flatten()
}

/// The long form of `code`, if there is such a code.
pub fn explain(code: &str) -> Option<&'static Explanation> {
    all().find(|e| e.code == code)
}

/// Is `code` listed?
pub fn is_known(code: &str) -> bool {
    explain(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_well_formed_and_explained() {
        let mut seen = std::collections::HashSet::new();
        for e in all() {
            assert!(seen.insert(e.code), "{} is listed twice", e.code);
            let digits = &e.code[1..];
            assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", e.code);
            assert!(matches!(e.code.as_bytes()[0], b'E' | b'W'), "{}", e.code);
            assert!(!e.title.is_empty() && e.text.len() > 40, "{} needs an explanation", e.code);
        }
        assert!(is_known("E0901") && !is_known("E9999"));
    }
}
