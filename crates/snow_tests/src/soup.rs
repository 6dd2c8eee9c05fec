//! Texts that are hardly programs: soups of words, random bytes, pieces of several programs, deep nests.
//!
//! The same for the same seed.

use crate::mutate::{PIECES, Random, mutate, split_words};

/// Words of the language that [`PIECES`] lacks.
const WORDS: &[&str] = &[
    "while",
    "match",
    "in",
    "module",
    "from",
    "test",
    "where",
    "return",
    "break",
    "continue",
    "pub",
    "and",
    "or",
    "as",
    "supervisor",
    "child",
    "cast",
    "info",
    "init",
    "strategy",
    "deriving",
    "true",
    "false",
    "x",
    "foo_bar",
    "Foo",
    "T",
    "42",
    "1_000",
    "1.5",
    "1e9",
    "0b101",
    "0o17",
    "1..2",
    "1.x",
    ":a",
    ":",
    "==",
    "!=",
    "<=",
    ">=",
    "+",
    "*",
    "/",
    "%",
    "<>",
    "++",
    "||",
    "&&",
    "!",
    "\\",
    "#",
    "##!",
    "\n  ",
    "\r\n",
    "\t",
    "~",
    "'",
    "$",
    "\\u{1F600}",
    "\\u{",
    "\\x",
    "\u{FEFF}",
    "\u{202E}",
    "\u{301}",
    "x:",
    "x: 1",
    "f(",
    "f()",
    "f(_, 1)",
    ".f(",
    "xs[",
    "P { x: 1 }",
    "%{m | ",
    "fn x -> x end",
    "|x, y|",
    "-> ()",
    "=> 1",
    "do\n",
    "end\n",
    "fn f(x) do\n",
    "case x do\n",
    "${x}",
    "\"a${b}c\"",
    "\"\"\"\n  a\n  \"\"\"",
    "#= x =#",
];

/// Pieces that nest when they are repeated.
pub const NESTS: &[&str] = &[
    "(",
    "[",
    "{",
    "%{",
    "f(",
    "x[",
    "%{a | b: ",
    "P { x: ",
    "fn x -> ",
    "if x do ",
    "else if x do ",
    "do ",
    "-",
    "not ",
    "!",
    "case x do y -> ",
    "\"${",
    "x |> f(",
    "let (",
    "let [",
    "let a :: [",
    "let a :: F<",
    "let a :: Fun(",
    "1 + ",
    "a :: ",
    "while ",
    "for x in ",
    "receive do x when ",
    "module M do ",
    "return ",
    "f(x) do ",
    "x.",
    "x?",
    "..",
    "<",
    "#=",
    "\"\"\"\n${",
    "let x | ",
    "impl ",
    "type T = ",
    "x as ",
    "fn f(x = ",
    "fn 0 -> 1 | ",
    "%{1 => ",
    "fn -> ",
    "- ",
    "a + (",
    "let x = ",
    "let P { x: ",
    "else ",
    "a |> ",
    "1 < ",
    "let x as y as ",
];

/// A text for the parser, of one of several kinds. `programs` are texts to take pieces from.
pub fn text(programs: &[(String, String)], random: &mut Random) -> String {
    let program = |random: &mut Random| programs[random.below(programs.len())].1.as_str();
    match random.below(8) {
        0 => bytes(random),
        1 => nest(random),
        2 => splice(program(random), program(random), random),
        3 => bitten(program(random), random),
        4 => {
            let first = program(random);
            mutate(&window(first, random), random)
        }
        _ => soup(random),
    }
}

/// Words of the language one after the other.
fn soup(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(100) {
        let which = random.below(PIECES.len() + WORDS.len());
        text.push_str(PIECES.get(which).unwrap_or_else(|| &WORDS[which - PIECES.len()]));
        if random.below(3) > 0 {
            text.push(' ');
        }
    }
    text
}

/// Arbitrary bytes, made UTF-8: files that aren't are refused before they are parsed. Mostly those below 128.
fn bytes(random: &mut Random) -> String {
    let limit = [128, 256][random.below(2)];
    let bytes: Vec<u8> = (0..random.below(300)).map(|_| random.below(limit) as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Something deep.
fn nest(random: &mut Random) -> String {
    let mut text = "fn main() do\n".to_owned();
    for _ in 0..=random.below(3) {
        let piece = NESTS[random.below(NESTS.len())];
        text.push_str(&piece.repeat(1 + random.below(400)));
    }
    text
}

/// The beginning of one program and the end of another.
fn splice(first: &str, second: &str, random: &mut Random) -> String {
    let (first, second) = (split_words(first), split_words(second));
    let to = random.below(first.len() + 1);
    let from = random.below(second.len() + 1);
    first[..to].concat() + &second[from..].concat()
}

/// A part of a program.
fn window(program: &str, random: &mut Random) -> String {
    let words = split_words(program);
    let from = random.below(words.len() + 1);
    let to = (from + random.below(200)).min(words.len());
    words[from..to].concat()
}

/// A program with bytes changed, not only words.
fn bitten(program: &str, random: &mut Random) -> String {
    let mut bytes = program.as_bytes().to_vec();
    for _ in 0..=random.below(10) {
        let at = random.below(bytes.len() + 1);
        match random.below(3) {
            0 => bytes.insert(at, random.below(128) as u8),
            1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            _ => bytes.truncate(bytes.len() - random.below(bytes.len().min(20) + 1)),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_text() {
        let programs = [("a".to_owned(), "fn f() = 1\n".to_owned())];
        for seed in 0..100 {
            assert_eq!(text(&programs, &mut Random::new(seed)), text(&programs, &mut Random::new(seed)));
        }
    }
}
