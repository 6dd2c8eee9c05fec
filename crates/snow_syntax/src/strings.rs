//! What the text of a string token means: escapes, and the indentation of `"""` strings.
//!
//! The lexer checks with the same functions that `cook` reads with, so that a string without errors
//! always has one meaning; with errors `cook` gives what can be read.

/// A piece of a string, raw or cooked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RawPart {
    /// Text.
    Text(String),
    /// The place of an interpolation.
    Interp,
}

/// One escape of a raw text that starts with `\`: its meaning and its length in bytes.
/// The length alone where it is unknown.
pub(crate) fn escape(raw: &str) -> (Option<char>, usize) {
    let mut chars = raw.chars();
    chars.next();
    let Some(c) = chars.next() else { return (None, 1) };
    let simple = match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        '\\' | '"' | '$' => c,
        'u' => return unicode_escape(raw),
        // The line end isn't part of the escape: it may end the string.
        '\n' | '\r' => return (None, 1),
        _ => return (None, 1 + c.len_utf8()),
    };
    (Some(simple), 2)
}

/// `\u{…}`
fn unicode_escape(raw: &str) -> (Option<char>, usize) {
    let Some(digits) = raw.get(2..).and_then(|s| s.strip_prefix('{')) else { return (None, 2) };
    let len = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    if digits.as_bytes().get(len) != Some(&b'}') {
        return (None, 3 + len);
    }
    let code = if len <= 6 { u32::from_str_radix(&digits[..len], 16).ok() } else { None };
    (code.and_then(char::from_u32), 4 + len)
}

/// The meaning of a string's raw pieces: texts joined, escapes resolved, in a `"""` string (`block`)
/// the first line end, the closer's line and the indentation removed.
pub(crate) fn cook(raw: &[RawPart], block: bool) -> Vec<RawPart> {
    let mut parts = join(raw);
    if block {
        unindent(&mut parts);
    }
    for part in &mut parts {
        if let RawPart::Text(text) = part {
            *text = unescape(text);
        }
    }
    parts.retain(|p| !matches!(p, RawPart::Text(t) if t.is_empty()));
    parts
}

fn join(raw: &[RawPart]) -> Vec<RawPart> {
    let mut parts: Vec<RawPart> = Vec::new();
    for part in raw {
        match (parts.last_mut(), part) {
            (Some(RawPart::Text(last)), RawPart::Text(text)) => last.push_str(text),
            _ => parts.push(part.clone()),
        }
    }
    parts
}

fn unindent(parts: &mut [RawPart]) {
    for part in parts.iter_mut() {
        if let RawPart::Text(text) = part {
            *text = text.replace("\r\n", "\n");
        }
    }
    let indent = match parts.last() {
        Some(RawPart::Text(text)) => text[text.rfind('\n').map_or(text.len(), |i| i + 1)..].to_owned(),
        _ => String::new(),
    };
    let last = parts.len().saturating_sub(1);
    for (i, part) in parts.iter_mut().enumerate() {
        let RawPart::Text(text) = part else { continue };
        let mut lines = text.split('\n');
        let head = lines.next().unwrap_or("");
        let mut rest: Vec<&str> =
            lines.map(|l| l.strip_prefix(indent.as_str()).unwrap_or(l.trim_start())).collect();
        if i == last && !rest.is_empty() {
            rest.pop();
        }
        *text = match i {
            0 => rest.join("\n"),
            _ => std::iter::once(head).chain(rest).collect::<Vec<_>>().join("\n"),
        };
    }
}

fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (meaning, len) = escape(&rest[at..]);
        match meaning {
            Some(c) => text.push(c),
            None => text.push_str(&rest[at..at + len]),
        }
        rest = &rest[at + len..];
    }
    text.push_str(rest);
    text
}
