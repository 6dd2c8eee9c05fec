//! Which names of types, interfaces, services and modules are written with a small letter?
//!
//! Each is one mistake, at its definition, wherever the name is used: so the lexer's tokens are made names of types where they
//! are surely meant so, and the fix changes them all. Nothing is looked up: a variable of the same name stays one.

use snow_base::{FileId, FxHashMap, Span, TextRange};
use snow_diagnostics::Diagnostic;

use crate::SyntaxKind::{self, *};
use crate::lexer::Lexed;

/// Makes the names in small letters that are defined as types names of types; the errors about them. O(length).
pub(crate) fn mend(text: &str, lexed: &mut Lexed, file: FileId) -> Vec<Diagnostic> {
    if !names_in_small_letters(lexed) {
        return Vec::new();
    }
    let tokens = Tokens::new(text, lexed);
    let found: Vec<_> =
        tokens.definitions().map(|(at, keyword)| (at, keyword, tokens.uses(at, keyword))).collect();
    let mut errors: Vec<Diagnostic> = Vec::new();
    let mut changed = Vec::new();
    for (at, keyword, uses) in found {
        let new = in_pascal_case(tokens.text(at));
        let edits = uses.iter().map(|&use_| (tokens.span(use_, file), new.clone())).collect();
        let message = format!("the {}'s name starts with a capital letter", tokens.text(keyword));
        let error = Diagnostic::error("E0101", message, tokens.span(at, file));
        let title = format!("write `{new}`");
        errors.push(match tokens.names.contains_key(new.as_str()) {
            // Something else has that name.
            true => error.with_fix(title, edits),
            false => error.with_safe_fix(title, edits),
        });
        changed.extend(uses.into_iter().map(|use_| tokens.seen[use_]));
    }
    for (at, uses) in tokens.parameters().map(|at| (at, tokens.uses_of_parameter(at))).collect::<Vec<_>>() {
        let new = in_pascal_case(tokens.text(at));
        let edits = uses.iter().map(|&use_| (tokens.span(use_, file), new.clone())).collect();
        let message = "the name of a type parameter starts with a capital letter";
        let error = Diagnostic::error("E0101", message, tokens.span(at, file));
        errors.push(error.with_safe_fix(format!("write `{new}`"), edits));
        changed.extend(uses.into_iter().map(|use_| tokens.seen[use_]));
    }
    for token in changed {
        lexed.tokens[token].kind = TYPE_IDENT;
    }
    errors
}

fn defines_type(kind: SyntaxKind) -> bool {
    matches!(kind, STRUCT_KW | TYPE_KW | INTERFACE_KW | SERVICE_KW | SUPERVISOR_KW | MODULE_KW)
}

/// Does any word for a type stand in front of a name in small letters? Hardly ever.
fn names_in_small_letters(lexed: &Lexed) -> bool {
    let kinds = lexed.tokens.iter().map(|t| t.kind).filter(|kind| !kind.is_trivia());
    let mut last = [EOF; 3];
    for kind in kinds {
        let parameter =
            matches!(last, [FN_KW, IDENT, LT] | [STRUCT_KW | TYPE_KW | INTERFACE_KW, TYPE_IDENT, LT]);
        if kind == IDENT && (parameter || defines_type(last[2])) {
            return true;
        }
        last = [last[1], last[2], kind];
    }
    false
}

/// Tokens without blanks and comments.
struct Tokens<'t> {
    source: &'t str,
    lexed: &'t Lexed,
    /// Their places among all tokens.
    seen: Vec<usize>,
    /// Which of them begin a line.
    begins: Vec<bool>,
    /// The names among them, by their text, in order.
    names: FxHashMap<&'t str, Vec<usize>>,
}

impl<'t> Tokens<'t> {
    fn new(source: &'t str, lexed: &'t Lexed) -> Tokens<'t> {
        let (mut seen, mut begins, mut begin) = (Vec::new(), Vec::new(), true);
        for (i, token) in lexed.tokens.iter().enumerate() {
            if token.kind.is_trivia() {
                begin |= token.kind == NEWLINE;
            } else {
                seen.push(i);
                begins.push(begin);
                begin = false;
            }
        }
        let mut tokens = Tokens { source, lexed, seen, begins, names: FxHashMap::default() };
        for at in 0..tokens.seen.len() {
            if matches!(tokens.kind(at), IDENT | TYPE_IDENT) {
                tokens.names.entry(tokens.text(at)).or_default().push(at);
            }
        }
        tokens
    }

    fn kind(&self, at: usize) -> SyntaxKind {
        self.seen.get(at).map_or(EOF, |&i| self.lexed.tokens[i].kind)
    }

    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let i = self.seen[at];
        let end = self.lexed.tokens.get(i + 1).map_or(self.source.len(), |t| t.start as usize);
        self.lexed.tokens[i].start as usize..end
    }

    fn text(&self, at: usize) -> &'t str {
        &self.source[self.range(at)]
    }

    fn span(&self, at: usize, file: FileId) -> Span {
        let range = self.range(at);
        Span::new(file, TextRange::new((range.start as u32).into(), (range.end as u32).into()))
    }

    /// The names behind `struct`, `type` … that begin with a small letter, with the word.
    fn definitions(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (1..self.seen.len()).filter_map(|at| {
            let word = at - 1;
            let first = self.begins[word] || word > 0 && self.kind(word - 1) == PUB_KW;
            let defines = defines_type(self.kind(word));
            let opens = matches!(self.kind(at + 1), DO_KW | EQ | LT | L_BRACE | COLON);
            (self.kind(at) == IDENT && first && defines && opens).then_some((at, word))
        })
    }

    /// Type parameters that begin with a small letter, behind the name of a function or type.
    fn parameters(&self) -> impl Iterator<Item = usize> + '_ {
        (3..self.seen.len()).filter(|&at| {
            let before = [self.kind(at - 3), self.kind(at - 2), self.kind(at - 1)];
            let opens =
                matches!(before, [FN_KW, IDENT, LT] | [STRUCT_KW | TYPE_KW | INTERFACE_KW, TYPE_IDENT, LT]);
            opens && self.kind(at) == IDENT && self.kind(at + 1) == GT
        })
    }

    /// Where the type parameter that is declared at `at` stands as a type, up to the next item.
    fn uses_of_parameter(&self, at: usize) -> Vec<usize> {
        let name = self.text(at);
        let starts = |&i: &usize| {
            self.begins[i] && (defines_type(self.kind(i)) || matches!(self.kind(i), FN_KW | PUB_KW))
        };
        let end = (at..self.seen.len()).find(starts).unwrap_or(self.seen.len());
        let is_use = |&i: &usize| {
            let argument = matches!(self.kind(i - 1), L_PAREN | L_BRACK)
                && matches!(self.kind(i - 2), TYPE_IDENT | COLON2);
            i == at || self.is_type(i) || argument || self.kind(i - 1) == WHERE_KW
        };
        (at..end).filter(|&i| self.kind(i) == IDENT && self.text(i) == name).filter(is_use).collect()
    }

    /// Where the name that is defined at `at` is one of a type.
    fn uses(&self, at: usize, keyword: usize) -> Vec<usize> {
        let same = self.names.get(self.text(at)).map_or(&[][..], Vec::as_slice);
        let bound = same.iter().any(|&i| i > 0 && self.kind(i - 1) == LET_KW);
        let has_functions = matches!(self.kind(keyword), SERVICE_KW | SUPERVISOR_KW | MODULE_KW) && !bound;
        let is_use = |&i: &usize| {
            i == at
                || self.is_type(i)
                || has_functions && self.kind(i + 1) == DOT && i > 0 && self.kind(i - 1) != DOT
        };
        same.iter().copied().filter(is_use).collect()
    }

    /// Can the name here only be one of a type?
    fn is_type(&self, at: usize) -> bool {
        let before = |n: usize| at.checked_sub(n).map_or(EOF, |i| self.kind(i));
        let literal = self.kind(at + 1) == L_BRACE && !self.begins.get(at + 1).copied().unwrap_or(true);
        match before(1) {
            DOT | IF_KW | WHILE_KW | CASE_KW | IN_KW => false,
            COLON2 | IMPL_KW => true,
            COLON => at > 1 && self.text(at - 2).starts_with(char::is_uppercase),
            FOR_KW => self.first_of_line(at) == IMPL_KW,
            ARROW => before(2) == R_PAREN && matches!(self.first_of_line(at), FN_KW | PUB_KW),
            LT => before(2) == TYPE_IDENT,
            COMMA if self.kind(at + 1) == GT => true,
            _ => literal,
        }
    }

    /// What the line of this token begins with.
    fn first_of_line(&self, at: usize) -> SyntaxKind {
        self.kind((0..=at).rev().find(|&i| self.begins[i]).unwrap_or(0))
    }
}

/// `my_point` as `MyPoint`.
fn in_pascal_case(name: &str) -> String {
    let words = name.split('_').filter(|w| !w.is_empty());
    let joined: String = words
        .flat_map(|w| {
            let mut letters = w.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<Vec<_>>()
        })
        .collect();
    match joined.chars().next() {
        Some(first) if first.is_uppercase() => joined,
        _ => format!("T{joined}"),
    }
}
