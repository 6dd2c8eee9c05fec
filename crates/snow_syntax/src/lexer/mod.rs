//! From text to tokens: every byte belongs to exactly one token, whatever the text is.
//!
//! Mistakes within a token (digits, escapes, unclosed strings) are reported here, once; the parser
//! stays silent near those that break the structure (`LexError::breaks`).
//! Strings are lexed by modes: inside `${…}` the lexer is back among ordinary tokens and counts braces.

mod number;
mod string;

use snow_base::{FileId, Span, TextRange};
use snow_diagnostics::Diagnostic;

use crate::SyntaxKind::{self, *};

/// One token: its kind and where it starts. It ends where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: SyntaxKind,
    pub(crate) start: u32,
}

/// A mistake within a token.
#[derive(Debug)]
pub(crate) struct LexError {
    pub(crate) diagnostic: Diagnostic,
    /// Does it leave the parser without the token that belongs here?
    pub(crate) breaks: bool,
    /// Is it told, rather than a consequence of an earlier one?
    pub(crate) told: bool,
}

/// The tokens of a text.
#[derive(Debug)]
pub(crate) struct Lexed {
    /// All tokens with trivia; the last is `EOF`, empty, at the end.
    pub(crate) tokens: Vec<Token>,
    /// In source order.
    pub(crate) errors: Vec<LexError>,
}

/// Splits `text` into tokens. O(length).
pub(crate) fn lex(text: &str, file: FileId) -> Lexed {
    let mut lexer = Lexer {
        text,
        pos: 0,
        line_start: 0,
        tokens: Vec::new(),
        errors: Vec::new(),
        modes: Vec::new(),
        file,
    };
    lexer.run();
    lexer.errors.sort_by_key(|e| e.diagnostic.span());
    Lexed { tokens: lexer.tokens, errors: lexer.errors }
}

#[derive(Clone, Copy)]
enum Mode {
    /// In the text of a string that starts at `start`.
    Text { start: usize, block: bool },
    /// Between `${` and `}`, with so many braces open.
    Interp { braces: u32 },
}

struct Lexer<'t> {
    text: &'t str,
    pos: usize,
    /// Where the last line end stands.
    line_start: u32,
    tokens: Vec<Token>,
    errors: Vec<LexError>,
    /// The strings and interpolations that are open, outermost first.
    modes: Vec<Mode>,
    file: FileId,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.pos < self.text.len() {
            match self.modes.last() {
                Some(&Mode::Text { start, block }) => self.string_piece(start, block),
                _ => self.token(),
            }
        }
        self.unclosed_at_eof();
        self.tokens.push(Token { kind: EOF, start: self.text.len() as u32 });
    }

    fn rest(&self) -> &str {
        &self.text[self.pos..]
    }

    fn byte(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(self.pos + offset).copied().unwrap_or(0)
    }

    fn char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn push(&mut self, kind: SyntaxKind, len: usize) {
        self.tokens.push(Token { kind, start: self.pos as u32 });
        self.pos += len;
    }

    fn newline(&mut self, len: usize) {
        self.line_start = self.pos as u32;
        self.push(NEWLINE, len);
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, TextRange::new((start as u32).into(), (end as u32).into()))
    }

    /// Reports a token that can't be read; one on a line is enough.
    fn unreadable(&mut self, diagnostic: Diagnostic) {
        let line_start = self.line_start;
        let same_line =
            |e: &LexError| e.breaks && u32::from(e.diagnostic.span().text_range().start()) >= line_start;
        let follows = self.errors.last().is_some_and(same_line);
        if !follows {
            self.error(diagnostic, true);
        }
    }

    fn error(&mut self, diagnostic: Diagnostic, breaks: bool) {
        self.errors.push(LexError { diagnostic, breaks, told: true });
    }

    fn token(&mut self) {
        let Some(c) = self.char() else { return };
        match c {
            '\n' => self.newline(1),
            '\r' if self.byte(1) == b'\n' => self.newline(2),
            ' ' | '\t' | '\r' | '\u{feff}' => {
                let blank = |c: &char| matches!(c, ' ' | '\t' | '\u{feff}');
                let len = self.rest().chars().take_while(blank).map(char::len_utf8).sum::<usize>();
                self.push(WHITESPACE, len.max(1));
            }
            '#' => self.comment(),
            '0'..='9' => self.number(),
            '"' => self.string_start(),
            '\'' => self.single_quoted(),
            '/' if matches!(self.byte(1), b'/' | b'*') => self.foreign_comment(),
            ':' if self.at_atom() => {
                let len = 1 + ident_len(&self.rest()[1..]);
                self.push(ATOM, len);
            }
            c if is_ident_start(c) => self.word(c),
            _ => self.punctuation(c),
        }
    }

    /// Is this `:` the start of an atom? Not directly behind a name or string, where it ends a label.
    fn at_atom(&self) -> bool {
        let name_follows = self.rest()[1..].chars().next().is_some_and(is_ident_start);
        let previous = self.text[..self.pos].chars().next_back();
        name_follows && !previous.is_some_and(|c| c == '"' || c == ':' || unicode_ident::is_xid_continue(c))
    }

    fn comment(&mut self) {
        let rest = self.rest();
        if rest.starts_with("#=") && !rest.starts_with("#==") {
            return self.block_comment();
        }
        let kind = if rest.starts_with("##!") {
            MODULE_DOC
        } else if rest.starts_with("##") && !rest.starts_with("###") {
            DOC_COMMENT
        } else {
            COMMENT
        };
        let len = rest.find('\n').unwrap_or(rest.len());
        let len = if rest[..len].ends_with('\r') { len - 1 } else { len };
        self.push(kind, len);
    }

    fn block_comment(&mut self) {
        let bytes = self.rest().as_bytes();
        let (mut at, mut depth) = (2, 1usize);
        while depth > 0 && at < bytes.len() {
            match &bytes[at..] {
                [b'=', b'#', ..] => (at, depth) = (at + 2, depth - 1),
                [b'#', b'=', b'=', ..] => at += 1,
                [b'#', b'=', ..] => (at, depth) = (at + 2, depth + 1),
                _ => at += 1,
            }
        }
        if depth > 0 {
            let span = self.span(self.pos, self.pos + 2);
            let diagnostic = Diagnostic::error("E0111", "this block comment is not closed", span)
                .with_primary_text("opened here")
                .with_help("close it with `=#`; each inner `#=` needs its own `=#`");
            self.error(diagnostic, true);
        }
        self.push(BLOCK_COMMENT, at);
    }

    /// `//` and `/* … */`: comments of other languages.
    fn foreign_comment(&mut self) {
        let rest = self.rest();
        let line = rest.find('\n').unwrap_or(rest.len());
        let span = self.span(self.pos, self.pos + 2);
        if self.byte(1) == b'*' {
            let len = rest.find("*/").map_or(line, |at| at + 2);
            let mut diagnostic =
                Diagnostic::error("E0113", "a block comment is written `#= … =#`, not `/* … */`", span);
            if rest[..len].ends_with("*/") && len >= 4 {
                let end = self.span(self.pos + len - 2, self.pos + len);
                let edits = vec![(span, "#=".to_owned()), (end, "=#".to_owned())];
                diagnostic = diagnostic.with_safe_fix("write `#= … =#`", edits);
            }
            self.error(diagnostic, false);
            return self.push(BLOCK_COMMENT, len);
        }
        let before = &self.text[self.line_start as usize..self.pos];
        if closes_more_than_it_opens(&rest[2..line]) {
            let diagnostic = Diagnostic::error("E0113", "the operator is `/`, not `//`", span)
                .with_help("`/` on Ints leaves the fraction out; `Int.div_floor` rounds down")
                .with_fix("write `/`", vec![(span, "/".to_owned())]);
            self.error(diagnostic, false);
            return self.push(SLASH, 2);
        }
        let diagnostic = Diagnostic::error("E0113", "a comment starts with `#`, not `//`", span);
        let edits = vec![(span, "#".to_owned())];
        let diagnostic = if before.trim().is_empty() {
            diagnostic.with_safe_fix("write `#`", edits)
        } else {
            diagnostic.with_fix("write `#` for a comment", edits).with_help(
                "if a division is meant: `/` on Ints leaves the fraction out; `Int.div_floor` rounds down",
            )
        };
        let len = if rest[..line].ends_with('\r') { line - 1 } else { line };
        self.error(diagnostic, false);
        self.push(COMMENT, len);
    }

    fn word(&mut self, first: char) {
        let len = ident_len(self.rest());
        let text = &self.rest()[..len];
        let kind = match text {
            "_" => UNDERSCORE,
            _ if first.is_uppercase() => TYPE_IDENT,
            _ => SyntaxKind::from_keyword(text).unwrap_or(IDENT),
        };
        self.push(kind, len);
    }

    fn punctuation(&mut self, c: char) {
        let (kind, len) = match punctuation(self.rest().as_bytes()) {
            Some(found) => found,
            None => return self.unknown(c),
        };
        if let Some(Mode::Interp { braces }) = self.modes.last_mut() {
            match kind {
                L_BRACE | MAP_OPEN => *braces += 1,
                R_BRACE if *braces == 0 => {
                    self.modes.pop();
                    return self.push(INTERP_END, len);
                }
                R_BRACE => *braces -= 1,
                _ => {}
            }
        }
        self.push(kind, len);
    }

    /// `'…'`, or a lone `'`: other languages write strings so.
    fn single_quoted(&mut self) {
        let line = self.rest().lines().next().unwrap_or("");
        let len = line[1..].find('\'').map_or(1, |i| i + 2);
        let span = self.span(self.pos, self.pos + len);
        let mut diagnostic = Diagnostic::error("E0113", "strings are written with double quotes", span);
        let text = &line[..len];
        if len > 1 && !text.contains(['"', '\\', '$']) {
            diagnostic = diagnostic
                .with_safe_fix("write double quotes", vec![(span, format!("\"{}\"", &text[1..len - 1]))]);
        }
        self.unreadable(diagnostic);
        self.push(ERROR_TOKEN, len);
    }

    /// A run of characters that are no tokens.
    fn unknown(&mut self, first: char) {
        let rest = self.rest();
        let mut len = 0;
        for (i, c) in rest.char_indices() {
            let known = c.is_ascii_whitespace() || matches!(c, '#' | '"' | ':' | '\'') || c.is_ascii_digit();
            if i > 0 && (known || is_ident_start(c) || punctuation(&rest.as_bytes()[i..]).is_some()) {
                break;
            }
            len = i + c.len_utf8();
        }
        let shown: String = rest[..len].chars().take(8).flat_map(char::escape_debug).collect();
        let span = self.span(self.pos, self.pos + len);
        let mut diagnostic = Diagnostic::error("E0109", format!("`{shown}` means nothing here"), span);
        let help = match first {
            '^' => Some(
                "powers are `Int.pow(a, b)`, bits are combined by `Int.bxor`; a pattern compares with a variable in its guard: `n when n == x`",
            ),
            '`' => Some("strings are written with double quotes"),
            '$' => Some("interpolation `${…}` stands inside strings"),
            _ => None,
        };
        if let Some(help) = help {
            diagnostic = diagnostic.with_help(help);
        }
        self.unreadable(diagnostic);
        self.push(ERROR_TOKEN, len);
    }
}

/// Does a bracket that was opened before this text end in it? Then it's code and no comment.
fn closes_more_than_it_opens(text: &str) -> bool {
    let mut depth = 0i64;
    text.chars().any(|c| {
        depth += i64::from(matches!(c, '(' | '[')) - i64::from(matches!(c, ')' | ']'));
        depth < 0
    })
}

fn is_ident_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// The length of the identifier at the start of `text`, in bytes.
fn ident_len(text: &str) -> usize {
    text.find(|c| !unicode_ident::is_xid_continue(c)).unwrap_or(text.len())
}

/// The longest operator or bracket at the start of `bytes`.
fn punctuation(bytes: &[u8]) -> Option<(SyntaxKind, usize)> {
    let three = match bytes {
        [b'.', b'.', b'=', ..] => Some(DOT2_EQ),
        _ => None,
    };
    let two = match bytes {
        [b'%', b'{', ..] => Some(MAP_OPEN),
        [b':', b':', ..] => Some(COLON2),
        [b'.', b'.', ..] => Some(DOT2),
        [b'-', b'>', ..] => Some(ARROW),
        [b'=', b'>', ..] => Some(FAT_ARROW),
        [b'=', b'=', ..] => Some(EQ2),
        [b'!', b'=', ..] => Some(NEQ),
        [b'<', b'=', ..] => Some(LE),
        [b'>', b'=', ..] => Some(GE),
        [b'<', b'>', ..] => Some(DIAMOND),
        [b'+', b'+', ..] => Some(PLUS2),
        [b'|', b'>', ..] => Some(PIPE_GT),
        [b'|', b'|', ..] => Some(PIPE2),
        [b'&', b'&', ..] => Some(AMP2),
        _ => None,
    };
    let one = match bytes.first()? {
        b'(' => Some(L_PAREN),
        b')' => Some(R_PAREN),
        b'[' => Some(L_BRACK),
        b']' => Some(R_BRACK),
        b'{' => Some(L_BRACE),
        b'}' => Some(R_BRACE),
        b',' => Some(COMMA),
        b';' => Some(SEMI),
        b':' => Some(COLON),
        b'.' => Some(DOT),
        b'=' => Some(EQ),
        b'<' => Some(LT),
        b'>' => Some(GT),
        b'+' => Some(PLUS),
        b'-' => Some(MINUS),
        b'*' => Some(STAR),
        b'/' => Some(SLASH),
        b'%' => Some(PERCENT),
        b'|' => Some(PIPE),
        b'!' => Some(BANG),
        b'?' => Some(QUESTION),
        b'@' => Some(AT),
        b'&' => Some(AMP),
        b'\\' => Some(BACKSLASH),
        _ => None,
    };
    three.map(|k| (k, 3)).or(two.map(|k| (k, 2))).or(one.map(|k| (k, 1)))
}
