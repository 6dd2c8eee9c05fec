//! From tokens to events: recursive descent, with precedence climbing for operators.
//!
//! The parser knows no text and no tree: it reads kinds of tokens that aren't trivia and writes
//! events, which `tree` turns into the lossless tree. It never fails: what it can't read becomes an
//! `ERROR` node. Files: `items`, `members`, `blocks`, `openers`, `arms`, `closures`, `exprs`, `primary`, `patterns`, `types` follow the grammar;
//! `recovery` holds what happens after a mistake, `foreign` what other languages write, `lines` what begins a line too many.
//!
//! Newlines: `newlines` says whether they count here. Brackets switch them off, `do` and `fn` on.
//! A place where a newline ends what stands before asks `nl()`; after an operator or comma nobody asks.
//!
//! Termination: every loop consumes a token or leaves; `bump` at the end of file does nothing and all
//! loops stop there. Depth: `nest` bounds the recursion.

mod arms;
mod blocks;
mod closures;
mod exprs;
mod foreign;
mod input;
mod items;
mod lines;
mod members;
mod openers;
mod patterns;
mod primary;
mod recovery;
mod types;

use snow_base::{FileId, Span, TextRange};
use snow_diagnostics::Diagnostic;

use crate::SyntaxKind::{self, *};
pub(crate) use input::Input;

/// A step of building the tree.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A node starts. `outer` is the distance to the start event of a node that encloses it.
    Start { kind: SyntaxKind, outer: Option<u32> },
    /// The next token that isn't trivia belongs to the innermost open node.
    Token,
    /// The innermost open node ends.
    Finish,
}

/// What parsing gave.
pub(crate) struct Output {
    pub(crate) events: Vec<Event>,
    pub(crate) errors: Vec<Diagnostic>,
    /// Was an `end` missing, or one too many?
    pub(crate) ends_mismatch: bool,
}

/// How deeply brackets, blocks and prefix operators may nest.
const MAX_NESTING: u32 = 256;

/// What ends a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closer {
    End,
    /// `}`, as other languages write it.
    Brace,
    /// A less indented line, as other languages have it.
    Dedent,
}

/// A `do` or closure `fn` that waits for its `end`.
#[derive(Clone, Copy)]
struct Open {
    /// The token that opened it.
    opener: usize,
    /// How far the opener's line is indented.
    indent: u32,
    /// Is it the body of an item, rather than of a statement or expression?
    of_item: bool,
    closer: Closer,
    /// The error about the opener, whose fix changes the closer too.
    report: Option<usize>,
}

pub(super) struct Parser<'i> {
    input: &'i Input<'i>,
    file: FileId,
    pos: usize,
    events: Vec<Event>,
    errors: Vec<Diagnostic>,
    /// Do newlines end statements here?
    newlines: bool,
    /// Does a `do` belong to an enclosing `if`, `while`, … rather than to a call?
    no_do: bool,
    /// How many brackets and interpolations are open.
    brackets: u32,
    depth: u32,
    /// The blocks that are open, outermost first.
    opens: Vec<Open>,
    /// Reading ahead: the first error sets `failed` and everything stops.
    speculating: bool,
    failed: bool,
    /// More than 0: errors are consequences of one that has been reported.
    muted: u32,
    last_error: Option<usize>,
    /// Where a map's key starts: `=>` behind it belongs to the map.
    key: Option<usize>,
    /// Where the latest item, member, statement or arm started.
    fresh: usize,
    /// The error about a line that begins with what belongs to the one before, and what it is part of (`fresh`).
    led: Option<(usize, usize)>,
    /// A token that begins a line and is read as if it didn't.
    same_line: Option<usize>,
    ends_mismatch: bool,
    /// Reserved words that were used as names: they will be again.
    taken: Vec<SyntaxKind>,
    /// Names that stand with a `?` at their end: it isn't the operator.
    asking: Vec<&'i str>,
    /// One of them opens or closes blocks: up to the next item nothing can be said of blocks.
    lost: bool,
    /// The error that a wrongly written opener of a block belongs to.
    joins: Option<usize>,
    /// Can `->` behind a type in parentheses only be meant as part of the type?
    fn_types: bool,
    /// Trust the indentation where an `end` is missing. Only for a second reading.
    by_indentation: bool,
}

/// Reads a whole file.
pub(crate) fn parse(input: &Input<'_>, file: FileId, by_indentation: bool) -> Output {
    let mut p = Parser {
        input,
        file,
        pos: 0,
        events: Vec::new(),
        errors: Vec::new(),
        newlines: true,
        no_do: false,
        brackets: 0,
        depth: 0,
        opens: Vec::new(),
        speculating: false,
        failed: false,
        muted: 0,
        last_error: None,
        key: None,
        fresh: 0,
        led: None,
        same_line: None,
        ends_mismatch: false,
        taken: Vec::new(),
        asking: input.asking_names(),
        lost: false,
        joins: None,
        fn_types: false,
        by_indentation,
    };
    p.source_file();
    Output { events: p.events, errors: p.errors, ends_mismatch: p.ends_mismatch }
}

/// A node that has been started.
#[must_use]
struct Marker(usize);

/// A node that is complete and can be put into another one.
#[derive(Clone, Copy)]
struct Completed {
    event: usize,
    kind: SyntaxKind,
}

impl Parser<'_> {
    fn start(&mut self) -> Marker {
        self.events.push(Event::Start { kind: TOMBSTONE, outer: None });
        Marker(self.events.len() - 1)
    }

    fn complete(&mut self, marker: Marker, kind: SyntaxKind) -> Completed {
        if let Event::Start { kind: k, .. } = &mut self.events[marker.0] {
            *k = kind;
        }
        self.events.push(Event::Finish);
        Completed { event: marker.0, kind }
    }

    /// The node that has just been started isn't one.
    fn abandon(&mut self, marker: Marker) {
        if marker.0 + 1 == self.events.len() {
            self.events.pop();
        } else {
            self.complete(marker, ERROR);
        }
    }

    /// Starts a node that encloses `inner`.
    fn precede(&mut self, inner: Completed) -> Marker {
        let marker = self.start();
        if let Event::Start { outer, .. } = &mut self.events[inner.event] {
            *outer = Some((marker.0 - inner.event) as u32);
        }
        marker
    }

    fn current(&self) -> SyntaxKind {
        self.nth(0)
    }

    fn nth(&self, n: usize) -> SyntaxKind {
        if self.failed { EOF } else { self.input.kind(self.pos + n) }
    }

    fn at(&self, kind: SyntaxKind) -> bool {
        self.current() == kind
    }

    fn at_eof(&self) -> bool {
        self.at(EOF)
    }

    /// Does a newline that counts stand before the current token?
    fn nl(&self) -> bool {
        self.newlines && self.line_start() && self.same_line != Some(self.pos)
    }

    /// Does any newline stand before the current token?
    fn line_start(&self) -> bool {
        self.input.starts_line(self.pos)
    }

    /// At `kind`, and no newline that counts stands before it?
    fn at_here(&self, kind: SyntaxKind) -> bool {
        self.at(kind) && !self.nl()
    }

    /// At the word `text`, which is reserved in some places only?
    fn at_word(&self, text: &str) -> bool {
        self.at(IDENT) && self.input.text(self.pos) == text
    }

    fn bump(&mut self) {
        if !self.at_eof() {
            self.events.push(Event::Token);
            self.pos += 1;
        }
    }

    fn eat(&mut self, kind: SyntaxKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn eat_here(&mut self, kind: SyntaxKind) -> bool {
        let found = self.at_here(kind);
        if found {
            self.bump();
        }
        found
    }

    /// `kind` on this line, or an error that asks for `what`.
    fn expect(&mut self, kind: SyntaxKind, what: &str) -> bool {
        let found = self.eat_here(kind);
        if !found {
            self.error_expected(what);
        }
        found
    }

    fn span(&self, token: usize) -> Span {
        self.span_of(token, token)
    }

    /// From the start of one token to the end of another.
    fn span_of(&self, first: usize, last: usize) -> Span {
        let (start, end) = (self.input.range(first).start, self.input.range(last).end);
        Span::new(self.file, TextRange::new(start.into(), end.max(start).into()))
    }

    /// Runs `f` with other rules for newlines and `do`, then goes back to those of here.
    fn within<R>(&mut self, newlines: bool, no_do: bool, f: impl FnOnce(&mut Self) -> R) -> R {
        let before = (self.newlines, self.no_do);
        (self.newlines, self.no_do) = (newlines, no_do);
        let result = f(self);
        (self.newlines, self.no_do) = before;
        result
    }

    /// Runs `f` one level deeper, unless that is too deep: then an error is reported and everything
    /// up to the closer of this level is skipped.
    fn nest<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= MAX_NESTING {
            self.too_deep();
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        Some(result)
    }

    /// Can `f` read something here that ends before a token that `then` accepts? Consumes nothing.
    fn looks_like(&mut self, f: impl FnOnce(&mut Self), then: impl FnOnce(&Self) -> bool) -> bool {
        let (pos, events, depth, brackets) = (self.pos, self.events.len(), self.depth, self.brackets);
        let last_error = self.last_error;
        let outermost = !std::mem::replace(&mut self.speculating, true);
        f(self);
        let found = !self.failed && then(self);
        self.events.truncate(events);
        (self.pos, self.depth, self.brackets, self.last_error) = (pos, depth, brackets, last_error);
        if outermost {
            self.speculating = false;
            self.failed = false;
        }
        found
    }
}
