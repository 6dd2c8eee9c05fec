//! Strings as text: graphemes, code points, case, white space, the form that Debug shows.

use std::fmt::Write;

use memchr::memmem::Finder;
use snow_abi::layout::StrObj;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::fns::breathe;
use crate::long::{self, PIECE, TEXT_PIECE, Work};
use crate::process::Process;
use crate::release::dup;
use crate::string::{from_bytes, push, text, with_capacity};

/// `str_graphemes_len`: what a reader counts as characters. O(n).
pub(crate) unsafe fn str_graphemes_len(p: *mut Process, a: *mut StrObj) -> i64 {
    // SAFETY: the caller runs `p` and holds `a`, a string.
    unsafe {
        let (all, mut work) = (text(a), Work::new(p));
        let ascii = all.as_bytes().chunks(PIECE).all(|piece| {
            work.did(piece.len());
            piece.is_ascii()
        });
        if !ascii {
            return all.graphemes(true).inspect(|grapheme| work.did(8 * grapheme.len())).count() as i64;
        }
        // The only cluster of several ASCII characters is the line end of two.
        let pair = Finder::new(b"\r\n");
        let (mut pairs, mut from) = (0, 0);
        while let Some(at) = long::find(&mut work, all.as_bytes(), &pair, from) {
            pairs += 1;
            from = at + 2;
        }
        all.len() as i64 - pairs
    }
}

/// `str_next_grapheme`: where the grapheme that starts at `from` ends; the length at the end.
pub(crate) unsafe fn str_next_grapheme(_: *mut Process, a: *mut StrObj, from: i64) -> i64 {
    // SAFETY: the caller holds `a`, a string.
    let all = unsafe { text(a) };
    let bytes = all.as_bytes();
    let Some(from) = usize::try_from(from).ok().filter(|&from| all.is_char_boundary(from)) else {
        return all.len() as i64;
    };
    match bytes.get(from..) {
        None | Some([]) => return all.len() as i64,
        Some([byte]) if byte.is_ascii() => return from as i64 + 1,
        Some([byte, next, ..]) if byte.is_ascii() && next.is_ascii() && *byte != b'\r' => {
            return from as i64 + 1;
        }
        Some(_) => {}
    }
    let mut cursor = GraphemeCursor::new(from, all.len(), true);
    match cursor.next_boundary(all, 0) {
        Ok(Some(end)) => end as i64,
        _ => all.len() as i64,
    }
}

/// `str_codepoint_at`: the code point that starts at a byte; -1: none does.
pub(crate) unsafe fn str_codepoint_at(_: *mut Process, a: *mut StrObj, byte: i64) -> i64 {
    // SAFETY: the caller holds `a`, a string.
    let all = unsafe { text(a) };
    let rest = usize::try_from(byte).ok().and_then(|byte| all.get(byte..));
    rest.and_then(|rest| rest.chars().next()).map_or(-1, |c| i64::from(u32::from(c)))
}

/// `str_from_codepoint`: the empty string for a number that is none.
pub(crate) unsafe fn str_from_codepoint(p: *mut Process, code: i64) -> *mut StrObj {
    let mut buffer = [0; 4];
    let encoded = match u32::try_from(code).ok().and_then(char::from_u32) {
        Some(c) => c.encode_utf8(&mut buffer).as_bytes(),
        None => &[],
    };
    // SAFETY: the caller runs `p`.
    unsafe { from_bytes(p, encoded) }
}

/// `str_to_upper`
pub(crate) unsafe fn str_to_upper(p: *mut Process, a: *mut StrObj) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds `a`, a string.
    unsafe { by_pieces(p, text(a), long::piece, str::to_uppercase) }
}

/// `str_to_lower`
pub(crate) unsafe fn str_to_lower(p: *mut Process, a: *mut StrObj) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds `a`, a string.
    unsafe { by_pieces(p, text(a), lower_piece, str::to_lowercase) }
}

/// What `change` makes of the pieces that `cut` cuts off the text.
unsafe fn by_pieces(
    p: *mut Process,
    mut rest: &str,
    cut: fn(&str) -> &str,
    change: fn(&str) -> String,
) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds the text.
    unsafe {
        if rest.len() <= TEXT_PIECE {
            return from_bytes(p, change(rest).as_bytes());
        }
        let mut out = with_capacity(p, rest.len());
        while !rest.is_empty() {
            let piece = cut(rest);
            out = push(p, out, change(piece).as_bytes());
            rest = &rest[piece.len()..];
            breathe(p);
        }
        out
    }
}

/// A piece at whose end no word is cut: what becomes of a sigma depends on whether letters stand around it.
fn lower_piece(text: &str) -> &str {
    let end = long::piece(text).len();
    let word = text.as_bytes()[end..].iter().position(|byte| *byte == b' ' || *byte == b'\n');
    &text[..word.map_or(text.len(), |at| end + at)]
}

/// `str_trim`: without white space at the wanted ends.
pub(crate) unsafe fn str_trim(p: *mut Process, a: *mut StrObj, start: bool, end: bool) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds `a`, a string.
    unsafe {
        let mut part = text(a);
        while start && !part.is_empty() {
            let piece = long::piece(part);
            let kept = piece.trim_start().len();
            part = &part[piece.len() - kept..];
            if kept > 0 {
                break;
            }
            breathe(p);
        }
        while end && !part.is_empty() {
            let piece = long::last_piece(part);
            let kept = piece.trim_end().len();
            part = &part[..part.len() - (piece.len() - kept)];
            if kept > 0 {
                break;
            }
            breathe(p);
        }
        if part.len() == (*a).len {
            dup(a.cast());
            return a;
        }
        from_bytes(p, part.as_bytes())
    }
}

/// `str_is_whitespace_at`: whether a white space character starts at a byte.
pub(crate) unsafe fn str_is_whitespace_at(_: *mut Process, a: *mut StrObj, byte: i64) -> bool {
    // SAFETY: the caller holds `a`, a string.
    let all = unsafe { text(a) };
    let rest = usize::try_from(byte).ok().and_then(|byte| all.get(byte..));
    rest.and_then(|rest| rest.chars().next()).is_some_and(char::is_whitespace)
}

/// `str_escape`: quoted, as a literal that means the same.
pub(crate) unsafe fn str_escape(p: *mut Process, a: *mut StrObj) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds `a`, a string.
    unsafe {
        let mut work = Work::new(p);
        let escaped = escape(text(a), || work.did(4));
        from_bytes(p, escaped.as_bytes())
    }
}

/// A text as Debug shows it.
pub(crate) fn escaped(text: &str) -> String {
    escape(text, || ())
}

/// The whole characters of the beginning of a text.
pub(crate) fn whole(bytes: &[u8]) -> &str {
    // Of no bytes there is no chunk.
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

/// Calls `step` for each character.
fn escape(text: &str, mut step: impl FnMut()) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        step();
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c if c.is_control() => {
                // Writing to a string can't fail.
                let _ = write!(out, "\\u{{{:X}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `atom_to_str`: the name, without colon. An atom is the address of its name, an immortal string.
pub(crate) unsafe fn atom_to_str(_: *mut Process, atom: i64) -> *mut StrObj {
    std::ptr::with_exposed_provenance_mut(atom as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_literal_escapes() {
        assert_eq!(escape("a\"b\\\n\u{7}$x ${y}é", || ()), r#""a\"b\\\n\u{7}$x \${y}é""#);
    }

    #[test]
    fn pieces_for_lower_case_end_at_words() {
        let text = format!("{} ΑΣ {}", "a".repeat(TEXT_PIECE), "b".repeat(10));
        let piece = lower_piece(&text);
        assert_eq!(piece.len(), TEXT_PIECE);
        let word = "Σ".repeat(TEXT_PIECE);
        assert_eq!(lower_piece(&word).len(), word.len());
        assert_eq!(lower_piece("ΑΣ ΑΣ"), "ΑΣ ΑΣ");
    }
}
