//! Rust source as a list of words and signs, without comments, strings and characters.
//!
//! Just enough to find functions, their parameters and their ends; not a lexer for the whole of Rust.

/// A word or sign with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// An identifier, a number, or one sign.
    pub(super) text: &'a str,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// Splits `source`. O(length).
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner { source, at: 0, line: 1 };
    let mut tokens = Vec::new();
    while let Some(c) = scanner.peek() {
        let line = scanner.line;
        let start = scanner.at;
        if scanner.skip_trivia_or_text(c) {
            continue;
        }
        if c == '_' || c.is_alphanumeric() {
            scanner.skip_while(|c| c == '_' || c.is_alphanumeric());
        } else {
            scanner.next();
        }
        tokens.push(Token { text: &source[start..scanner.at], line });
    }
    tokens
}

struct Scanner<'a> {
    source: &'a str,
    at: usize,
    line: usize,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
    }

    /// Skips up to and with `end`.
    fn skip_past(&mut self, end: &str) {
        let length = self.rest().find(end).map_or(self.rest().len(), |at| at + end.len());
        let to = self.at + length;
        while self.at < to {
            self.next();
        }
    }

    /// Whether white space, a comment, a string, a character or a lifetime was skipped.
    fn skip_trivia_or_text(&mut self, c: char) -> bool {
        let rest = self.rest();
        if c.is_whitespace() {
            self.next();
        } else if rest.starts_with("//") {
            self.skip_past("\n");
        } else if rest.starts_with("/*") {
            self.skip_block_comment();
        } else if let Some(hashes) = raw_string(rest) {
            self.skip_past("\"");
            self.skip_past(&format!("\"{}", "#".repeat(hashes)));
        } else if c == '"' || rest.starts_with("b\"") || rest.starts_with("c\"") {
            self.skip_past("\"");
            self.skip_quoted('"');
        } else if c == '\'' {
            self.skip_char_or_lifetime();
        } else {
            return false;
        }
        true
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        loop {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.next();
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.next();
            }
            if self.next().is_none() || depth == 0 {
                return;
            }
        }
    }

    /// Skips to behind the closing quote; the opening one is behind us.
    fn skip_quoted(&mut self, quote: char) {
        while let Some(c) = self.next() {
            if c == '\\' {
                self.next();
            } else if c == quote {
                return;
            }
        }
    }

    fn skip_char_or_lifetime(&mut self) {
        let mut chars = self.rest().chars().skip(1);
        let (first, second) = (chars.next(), chars.next());
        self.next();
        if first == Some('\\') || second == Some('\'') {
            self.skip_quoted('\'');
        } else {
            self.skip_while(|c| c == '_' || c.is_alphanumeric());
        }
    }
}

/// The number of `#` if a raw string starts here.
fn raw_string(rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix('b').or_else(|| rest.strip_prefix('c')).unwrap_or(rest).strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_no_tokens() {
        let source = "fn f<'a>(x: &'a str) { // fn\n /* fn /* fn */ */ g(\"fn \\\" {\", '{', '\\'', r#\"fn \" {\"#, b\"{\") }\n";
        let words: Vec<_> = tokens(source).into_iter().map(|token| (token.text, token.line)).collect();
        let words: Vec<_> = words.iter().map(|(text, line)| format!("{text}{line}")).collect();
        assert_eq!(words.join(" "), "fn1 f1 <1 >1 (1 x1 :1 &1 str1 )1 {1 g2 (2 ,2 ,2 ,2 ,2 )2 }2");
    }
}
