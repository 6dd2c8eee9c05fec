//! Numbers: where they end, and whether their digits are right.
//!
//! Whether an integer fits into 64 bits is the parser's question: it knows of the sign.

use snow_diagnostics::Diagnostic;

use super::{Lexer, ident_len};
use crate::SyntaxKind::{self, *};

impl Lexer<'_> {
    pub(super) fn number(&mut self) {
        let (kind, len) = self.number_shape();
        // A letter or digit that is left over belongs to the same mistake.
        let end = len + ident_len(&self.rest()[len..]);
        let text = self.rest()[..end].to_owned();
        let digits = text.replace('_', "");
        let problem = match (kind, digits.get(..2)) {
            _ if end > len => Some("this is no number"),
            (INT, Some("0x")) if !is_radix(&digits[2..], 16) => Some("after `0x` stand the digits 0 to f"),
            (INT, Some("0o")) if !is_radix(&digits[2..], 8) => Some("after `0o` stand the digits 0 to 7"),
            (INT, Some("0b")) if !is_radix(&digits[2..], 2) => Some("after `0b` stand the digits 0 and 1"),
            (FLOAT, _) if !digits.parse::<f64>().is_ok_and(f64::is_finite) => {
                Some("this number is too large for a Float")
            }
            _ => None,
        };
        if let Some(problem) = problem {
            let span = self.span(self.pos, self.pos + end);
            let diagnostic = Diagnostic::error("E0106", problem, span)
                .with_help("numbers are written `42`, `1_000`, `0xff`, `0o17`, `0b1010`, `3.14`, `2.5e-3`");
            self.error(diagnostic, false);
        }
        self.push(kind, end);
    }

    fn number_shape(&self) -> (SyntaxKind, usize) {
        let bytes = self.rest().as_bytes();
        let digit = |b: u8| b.is_ascii_digit() || b == b'_';
        // Behind a point stands the part of a tuple: `t.0.1` holds no float.
        if self.tokens.last().is_some_and(|t| t.kind == DOT) {
            return (INT, run(bytes, digit));
        }
        if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'o' | b'b')) {
            return (INT, 2 + run(&bytes[2..], |b| b.is_ascii_alphanumeric() || b == b'_'));
        }
        let mut len = run(bytes, digit);
        let mut kind = INT;
        if bytes.get(len) == Some(&b'.') && bytes.get(len + 1).is_some_and(u8::is_ascii_digit) {
            kind = FLOAT;
            len += 1 + run(&bytes[len + 1..], digit);
        }
        if matches!(bytes.get(len), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
            if bytes.get(len + 1 + sign).is_some_and(u8::is_ascii_digit) {
                kind = FLOAT;
                len += 1 + sign + run(&bytes[len + 1 + sign..], digit);
            }
        }
        (kind, len)
    }
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&b| belongs(b)).count()
}

fn is_radix(digits: &str, radix: u32) -> bool {
    !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix))
}
