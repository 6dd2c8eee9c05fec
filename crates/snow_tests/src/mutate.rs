//! Programs with random damage, the same for the same seed.

/// A small generator of random numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator that always gives the same numbers for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below `limit`, which isn't 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Pieces that change what stands around them.
pub(crate) const PIECES: &[&str] = &[
    "do",
    "end",
    "fn",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "%{",
    "\"",
    "\"\"\"",
    "${",
    "->",
    "=>",
    "|",
    "|>",
    "::",
    "..",
    "..=",
    ",",
    ";",
    "\n",
    "=",
    "::",
    "_",
    "case",
    "receive",
    "after",
    "if",
    "else",
    "let",
    "when",
    "type",
    "struct",
    "actor",
    "terminate",
    "service",
    "call",
    "interface",
    "impl",
    "for",
    "import",
    "module",
    "#=",
    "=#",
    "##",
    "-",
    "not",
    "?",
    ".",
    "9223372036854775808",
    "0x",
    "1.",
    "é",
    "\u{1F600}",
    "\0",
    "self",
    "Self",
    "<",
    ">",
    "@",
];

/// A text with one to four changes: words taken out, put in, doubled, exchanged; or its end cut off.
pub fn mutate(text: &str, random: &mut Random) -> String {
    let mut words = split_words(text);
    for _ in 0..=random.below(4) {
        if words.is_empty() {
            break;
        }
        let at = random.below(words.len());
        match random.below(6) {
            0 => {
                words.remove(at);
            }
            1 => words.insert(at, PIECES[random.below(PIECES.len())]),
            2 => words[at] = PIECES[random.below(PIECES.len())],
            3 => words.insert(at, words[at]),
            4 => {
                let other = random.below(words.len());
                words.swap(at, other);
            }
            _ => words.truncate(at),
        }
    }
    words.concat()
}

/// Words and single signs, with all that stands between them.
pub(crate) fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let is_word = c == '_' || c.is_alphanumeric();
        if at > start && !(is_word && in_word) {
            words.push(&text[start..at]);
            start = at;
        }
        in_word = is_word;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_make_up_the_text() {
        let text = "fn f(ab) = é + 1\n";
        assert_eq!(
            split_words(text),
            ["fn", " ", "f", "(", "ab", ")", " ", "=", " ", "é", " ", "+", " ", "1", "\n"]
        );
        assert_eq!(mutate(text, &mut Random::new(1)), mutate(text, &mut Random::new(1)));
        assert_ne!(mutate(text, &mut Random::new(1)), mutate(text, &mut Random::new(2)));
        assert_eq!(mutate("", &mut Random::new(1)), "");
    }
}
