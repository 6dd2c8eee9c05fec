//! One function for each row of `snow_abi::for_each_regex_fn!`.
//!
//! std makes a `Regex` only of patterns for which `regex_problem` says nothing; where a program makes one of another pattern by
//! itself, its process crashes.

use regex_automata::meta::{BuildError, Cache, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::util::iter::Searcher;
use regex_automata::{Input, PatternID};
use snow_rt::part::{Caller, Ints, NewText, Text, internal_error};
use snow_rt_io::blocking;

use crate::cache;

/// Bytes of a text that are searched on the spot: even the slowest pattern needs only milliseconds for them. Longer texts
/// are searched on a thread of the pool, and only their process waits.
const SHORT: usize = 64 << 10;
/// Bytes that are copied, and numbers that are put into a list, before others may run.
const PIECE: usize = 1 << 20;

/// Calls `f` with the compiled form.
///
/// # Safety
/// The caller's stack holds nothing that needs dropping.
unsafe fn with<R>(caller: &Caller, pattern: &str, f: impl FnOnce(&Regex, &mut Cache) -> R) -> R {
    match cache::with(pattern, f) {
        Ok(result) => result,
        Err(error) => {
            drop(error);
            // SAFETY: as the contract says.
            unsafe { caller.crash(no_pattern(pattern)) }
        }
    }
}

fn no_pattern(pattern: &str) -> String {
    format!("Regex: `{pattern}` is no regular expression; Regex.compile tells why")
}

/// The text of a pattern.
fn source(pattern: Text<'_>) -> &str {
    pattern.text().unwrap_or_else(|| internal_error("a pattern that is no text"))
}

/// A search in the text at or behind `from`.
fn search<R: Send + 'static>(
    caller: &Caller,
    pattern: Text<'_>,
    text: Text<'_>,
    from: i64,
    f: impl FnOnce(&Regex, &mut Cache, Input<'_>) -> R + Send + 'static,
) -> R {
    let pattern = source(pattern);
    let all = text.bytes();
    let from = usize::try_from(from).unwrap_or(0).min(all.len());
    if all.len() - from <= SHORT || caller.is_simulated() {
        // SAFETY: nothing here needs dropping.
        return unsafe {
            with(caller, pattern, |regex, cache| f(regex, cache, Input::new(all).range(from..)))
        };
    }
    // SAFETY: what is copied here moves to the pool's thread before the wait.
    unsafe {
        let (owned, all) = (pattern.to_owned(), copy(caller, all));
        let result = blocking::run(caller, move || {
            let regex = cache::compiled(&owned).ok()?;
            Some(f(&regex, &mut regex.create_cache(), Input::new(&all).range(from..)))
        });
        match result {
            Some(result) => result,
            None => caller.crash(no_pattern(pattern)),
        }
    }
}

fn copy(caller: &Caller, all: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(all.len());
    for piece in all.chunks(PIECE) {
        out.extend_from_slice(piece);
        caller.breathe();
    }
    out
}

pub(crate) fn regex_problem(caller: &Caller, pattern: Text<'_>) -> NewText {
    let Some(text) = pattern.text() else { return caller.text("the pattern is no text") };
    let mut problem = cache::compiled_if_small(text).err().map(|error| Problem::of(text, &error));
    if matches!(problem, Some(Problem::Size)) {
        problem = if caller.is_simulated() {
            cache::compiled(text).err().map(|error| Problem::of(text, &error))
        } else {
            // SAFETY: the pattern's copy moves to the pool's thread before the wait; there is no other problem to drop.
            unsafe {
                let text = text.to_owned();
                blocking::run(caller, move || {
                    cache::compiled(&text).err().map(|error| Problem::of(&text, &error))
                })
            }
        };
    }
    match problem {
        None => caller.text(""),
        Some(Problem::Size) => caller.text("it becomes too large"),
        Some(Problem::Text(text)) => caller.text(text),
    }
}

/// Why a pattern is none.
enum Problem {
    /// Its compiled form would be larger than allowed.
    Size,
    Text(String),
}

impl Problem {
    fn of(pattern: &str, error: &BuildError) -> Problem {
        match error.size_limit() {
            Some(_) => Problem::Size,
            None => Problem::Text(problem(pattern, error)),
        }
    }
}

/// What is wrong with a pattern, in one line.
fn problem(pattern: &str, error: &BuildError) -> String {
    let (kind, span) = match error.syntax_error() {
        Some(regex_syntax::Error::Parse(error)) => (error.kind().to_string(), error.span()),
        Some(regex_syntax::Error::Translate(error)) => (error.kind().to_string(), error.span()),
        _ => {
            return error
                .size_limit()
                .map_or_else(|| error.to_string(), |_| "it becomes too large".to_owned());
        }
    };
    let before = pattern.get(..span.start.offset).map_or(0, |text| text.chars().count());
    match pattern.get(span.start.offset..span.end.offset) {
        Some(part) if !part.is_empty() => format!("{kind}: `{part}`, character {}", before + 1),
        _ => format!("{kind}, character {}", before + 1),
    }
}

pub(crate) fn regex_is_match(caller: &Caller, pattern: Text<'_>, text: Text<'_>) -> bool {
    search(caller, pattern, text, 0, |regex, cache, input| {
        regex.search_half_with(cache, &input.earliest(true)).is_some()
    })
}

pub(crate) fn regex_find<'a>(
    caller: &'a Caller,
    into: Ints<'a>,
    pattern: Text<'_>,
    text: Text<'_>,
    from: i64,
    groups: bool,
) -> Ints<'a> {
    let spans = search(caller, pattern, text, from, move |regex, cache, input| {
        let mut spans = Vec::new();
        if groups {
            let mut found = regex.create_captures();
            regex.search_captures_with(cache, &input, &mut found);
            if found.is_match() {
                push_groups(&mut spans, &found);
            }
        } else if let Some(found) = regex.search_with(cache, &input) {
            spans.extend([found.start() as i64, found.end() as i64]);
        }
        spans
    });
    caller.push(into, &spans)
}

fn push_groups(spans: &mut Vec<i64>, groups: &Captures) {
    spans.extend(groups.iter().flat_map(|span| span.map_or([-1, -1], |s| [s.start as i64, s.end as i64])));
}

pub(crate) fn regex_all<'a>(
    caller: &'a Caller,
    into: Ints<'a>,
    pattern: Text<'_>,
    text: Text<'_>,
    groups: bool,
) -> Ints<'a> {
    let spans = search(caller, pattern, text, 0, move |regex, cache, input| all(regex, cache, input, groups));
    spans.chunks(PIECE).fold(into, |list, piece| {
        caller.breathe();
        caller.push(list, piece)
    })
}

fn all(regex: &Regex, cache: &mut Cache, input: Input<'_>, groups: bool) -> Vec<i64> {
    let mut spans = Vec::new();
    let mut searcher = Searcher::new(input);
    let mut found = regex.create_captures();
    loop {
        let next = searcher.advance(|input| {
            if !groups {
                return Ok(regex.search_with(cache, input));
            }
            regex.search_captures_with(cache, input, &mut found);
            Ok(found.get_match())
        });
        match next {
            None => return spans,
            Some(_) if groups => push_groups(&mut spans, &found),
            Some(next) => spans.extend([next.start() as i64, next.end() as i64]),
        }
    }
}

pub(crate) fn regex_group_number(caller: &Caller, pattern: Text<'_>, name: Text<'_>) -> i64 {
    let Some(name) = name.text() else { return -1 };
    // SAFETY: nothing here needs dropping.
    let number = unsafe {
        with(caller, source(pattern), |regex, _| regex.group_info().to_index(PatternID::ZERO, name))
    };
    number.map_or(-1, |number| number as i64)
}

pub(crate) fn regex_group_names(caller: &Caller, pattern: Text<'_>) -> NewText {
    // SAFETY: nothing here needs dropping.
    let names = unsafe {
        with(caller, source(pattern), |regex, _| {
            let names = regex.group_info().pattern_names(PatternID::ZERO).skip(1);
            names.fold(String::new(), |out, name| out + name.unwrap_or("") + "\n")
        })
    };
    caller.text(names)
}
