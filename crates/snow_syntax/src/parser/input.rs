//! The tokens as the parser sees them: without trivia, each with its line.

use std::ops::Range;

use crate::SyntaxKind::{self, *};
use crate::lexer::Lexed;

#[derive(Clone, Copy)]
struct Seen {
    kind: SyntaxKind,
    start: u32,
    end: u32,
    /// Is it the first one of its line?
    starts_line: bool,
    /// How far its line is indented, in bytes.
    indent: u32,
}

/// Tokens that aren't trivia. Places behind the last one are at the end of file.
pub(crate) struct Input<'t> {
    text: &'t str,
    tokens: Vec<Seen>,
    /// Mistakes of the lexer that leave the parser without a token, in source order.
    broken: Vec<Range<u32>>,
    /// Comments that begin with `#{` where something more was to come on their line: their places, and the tokens in front of
    /// them.
    set_comments: Vec<(Range<u32>, usize)>,
}

impl<'t> Input<'t> {
    pub(crate) fn new(text: &'t str, lexed: &Lexed) -> Input<'t> {
        let mut tokens: Vec<Seen> = Vec::with_capacity(lexed.tokens.len() / 2 + 1);
        let mut set_comments = Vec::new();
        let (mut starts_line, mut line_start, mut indent) = (true, 0, 0);
        for (i, token) in lexed.tokens.iter().enumerate() {
            let end = lexed.tokens.get(i + 1).map_or(text.len() as u32, |t| t.start);
            let piece = &text[token.start as usize..end as usize];
            if token.kind.is_trivia() {
                let is_set = token.kind == COMMENT && piece.starts_with("#{") && !starts_line;
                if is_set && tokens.last().is_some_and(|t| t.kind.wants_more()) {
                    set_comments.push((token.start..end, tokens.len() - 1));
                }
                if let Some(at) = piece.rfind('\n') {
                    starts_line = true;
                    line_start = token.start + at as u32 + 1;
                }
                continue;
            }
            if starts_line {
                indent = token.start - line_start;
            }
            tokens.push(Seen { kind: token.kind, start: token.start, end, starts_line, indent });
            starts_line = false;
        }
        let broken = lexed.errors.iter().filter(|e| e.breaks).map(|e| {
            let range = e.diagnostic.span().text_range();
            range.start().into()..range.end().into()
        });
        Input { text, tokens, broken: broken.collect(), set_comments }
    }

    /// The comment in front of the token at `pos` that is in the place of what had to come: somebody meant a set.
    pub(super) fn set_comment(&self, pos: usize) -> Option<Range<u32>> {
        let after = self.set_comments.partition_point(|(_, token)| *token < pos);
        let (range, token) = self.set_comments[..after].last()?;
        (token + 1 == pos).then(|| range.clone())
    }

    /// The names of functions that are defined with a `?` at their end.
    pub(super) fn asking_names(&self) -> Vec<&'t str> {
        let asks = |w: &[Seen]| {
            [w[0].kind, w[1].kind, w[2].kind] == [FN_KW, IDENT, QUESTION] && w[1].end == w[2].start
        };
        let named = self.tokens.windows(3).filter(|w| asks(w));
        named.map(|w| &self.text[w[1].start as usize..w[1].end as usize]).collect()
    }

    fn seen(&self, pos: usize) -> &Seen {
        // The lexer always ends with EOF.
        &self.tokens[pos.min(self.tokens.len() - 1)]
    }

    pub(super) fn kind(&self, pos: usize) -> SyntaxKind {
        self.seen(pos).kind
    }

    pub(super) fn text(&self, pos: usize) -> &'t str {
        let seen = self.seen(pos);
        &self.text[seen.start as usize..seen.end as usize]
    }

    pub(super) fn text_of(&self, range: Range<usize>) -> &'t str {
        &self.text[self.seen(range.start).start as usize..self.seen(range.end.saturating_sub(1)).end as usize]
    }

    pub(super) fn range(&self, pos: usize) -> Range<u32> {
        let seen = self.seen(pos);
        seen.start..seen.end
    }

    pub(super) fn starts_line(&self, pos: usize) -> bool {
        self.seen(pos).starts_line
    }

    pub(super) fn indent(&self, pos: usize) -> u32 {
        self.seen(pos).indent
    }

    /// Do the tokens at `pos` and before it touch?
    pub(super) fn touches_previous(&self, pos: usize) -> bool {
        pos > 0 && self.seen(pos - 1).end == self.seen(pos).start
    }

    /// Is an error at `pos` a consequence of a mistake of the lexer just before it?
    pub(super) fn is_near_broken(&self, pos: usize) -> bool {
        let seen = self.seen(pos);
        let after = self.broken.partition_point(|b| b.start <= seen.end);
        let Some(broken) = self.broken[..after].last() else { return false };
        let previous = if pos > 0 { self.seen(pos - 1).start } else { 0 };
        if broken.end >= previous {
            return true;
        }
        let between = &self.text.as_bytes()[broken.end as usize..seen.start.max(broken.end) as usize];
        between.len() < 4096 && !between.contains(&b'\n')
    }

    /// The kind of EOF's neighbour: is there anything at all?
    pub(super) fn is_eof(&self, pos: usize) -> bool {
        self.kind(pos) == EOF
    }
}
