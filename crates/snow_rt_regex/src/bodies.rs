//! One function for each row of `snow_abi::for_each_regex_fn!`.
//!
//! A pattern that isn't one matches nothing here: std makes a `Regex` only of those for which `regex_problem` says nothing.

use regex_automata::meta::{BuildError, Cache, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::{Input, PatternID};
use snow_rt::part::{Caller, Ints, NewText, Text, internal_error};

use crate::cache;

/// Calls `f` with the compiled form.
fn with<R>(pattern: Text<'_>, f: impl FnOnce(&Regex, &mut Cache) -> R) -> R {
    let Some(text) = pattern.text() else { internal_error("a pattern that is no text") };
    match cache::with(text, f) {
        Ok(result) => result,
        Err(error) => internal_error(&format!("a pattern that doesn't compile any more: {error}")),
    }
}

fn input<'a>(text: Text<'a>, from: i64) -> Input<'a> {
    let bytes = text.bytes();
    let from = usize::try_from(from).unwrap_or(0).min(bytes.len());
    Input::new(bytes).range(from..)
}

pub(crate) fn regex_problem(caller: &Caller, pattern: Text<'_>) -> NewText {
    let problem = match pattern.text() {
        None => "the pattern is no text".to_owned(),
        Some(text) => cache::compiled(text).err().map_or_else(String::new, |error| problem(text, &error)),
    };
    caller.text(problem)
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

pub(crate) fn regex_is_match(_: &Caller, pattern: Text<'_>, text: Text<'_>) -> bool {
    let input = input(text, 0).earliest(true);
    with(pattern, |regex, cache| regex.search_half_with(cache, &input).is_some())
}

pub(crate) fn regex_find<'a>(
    caller: &'a Caller,
    pattern: Text<'_>,
    text: Text<'_>,
    from: i64,
    into: Ints<'a>,
) -> Ints<'a> {
    let found = with(pattern, |regex, cache| regex.search_with(cache, &input(text, from)));
    match found {
        Some(found) => caller.push(into, &[found.start() as i64, found.end() as i64]),
        None => into,
    }
}

pub(crate) fn regex_groups<'a>(
    caller: &'a Caller,
    pattern: Text<'_>,
    text: Text<'_>,
    from: i64,
    into: Ints<'a>,
) -> Ints<'a> {
    let spans = with(pattern, |regex, cache| {
        let mut groups: Captures = regex.create_captures();
        regex.search_captures_with(cache, &input(text, from), &mut groups);
        let spans = groups.iter().map(|span| span.map_or([-1, -1], |s| [s.start as i64, s.end as i64]));
        if groups.is_match() { spans.flatten().collect() } else { Vec::new() }
    });
    caller.push(into, &spans)
}

pub(crate) fn regex_group_number(_: &Caller, pattern: Text<'_>, name: Text<'_>) -> i64 {
    let Some(name) = name.text() else { return -1 };
    let number = with(pattern, |regex, _| regex.group_info().to_index(PatternID::ZERO, name));
    number.map_or(-1, |number| number as i64)
}

pub(crate) fn regex_group_names(caller: &Caller, pattern: Text<'_>) -> NewText {
    let names = with(pattern, |regex, _| {
        let names = regex.group_info().pattern_names(PatternID::ZERO).skip(1);
        names.fold(String::new(), |out, name| out + name.unwrap_or("") + "\n")
    });
    caller.text(names)
}
