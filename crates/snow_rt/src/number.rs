//! Numbers as text and back, and their hashes.
//!
//! A Float is shown by the shortest digits that read back as the same number: positional for 1e-5 <= |x| < 1e21, else
//! with an exponent; always with a point.

use std::io::Write;

use snow_abi::layout::StrObj;

use crate::hash::HashKey;
use crate::process::{Pid, Process};
use crate::string::{bytes, from_bytes};

/// Room for any shortest or fixed-base number.
struct Text {
    buffer: [u8; 80],
    len: usize,
}

impl Text {
    fn new(args: std::fmt::Arguments<'_>) -> Text {
        let mut text = Text { buffer: [0; 80], len: 0 };
        let mut cursor = std::io::Cursor::new(&mut text.buffer[..]);
        if cursor.write_fmt(args).is_err() {
            crate::io::internal_error("a number's text is longer than any number's");
        }
        text.len = cursor.position() as usize;
        text
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

/// `int_to_str`
pub(crate) unsafe fn int_to_str(p: *mut Process, n: i64) -> *mut StrObj {
    // SAFETY: the caller runs `p`.
    unsafe { from_bytes(p, Text::new(format_args!("{n}")).bytes()) }
}

/// `int_to_str_base`: digits `0-9a-z`; the base is clamped to 2..=36.
pub(crate) unsafe fn int_to_str_base(p: *mut Process, n: i64, base: i64) -> *mut StrObj {
    let base = base.clamp(2, 36) as u64;
    let mut buffer = [0; 65];
    let mut at = buffer.len();
    let mut rest = n.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % base) as usize];
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    // SAFETY: the caller runs `p`.
    unsafe { from_bytes(p, &buffer[at..]) }
}

fn special(x: f64) -> Option<&'static str> {
    match x {
        _ if x.is_nan() => Some("NaN"),
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ => None,
    }
}

fn float_text(x: f64) -> Text {
    if let Some(text) = special(x) {
        return Text::new(format_args!("{text}"));
    }
    if x == 0.0 || (1e-5..1e21).contains(&x.abs()) {
        let text = Text::new(format_args!("{x}"));
        if text.bytes().contains(&b'.') {
            return text;
        }
        return Text::new(format_args!("{x}.0"));
    }
    let text = Text::new(format_args!("{x:e}"));
    if text.bytes().contains(&b'.') {
        return text;
    }
    let Some((digits, exponent)) = str::from_utf8(text.bytes()).ok().and_then(|text| text.split_once('e'))
    else {
        crate::io::internal_error("a number with an exponent has none")
    };
    Text::new(format_args!("{digits}.0e{exponent}"))
}

/// A float as Debug shows it.
pub(crate) fn float_string(x: f64) -> String {
    String::from_utf8_lossy(float_text(x).bytes()).into_owned()
}

/// `float_to_str`
pub(crate) unsafe fn float_to_str(p: *mut Process, x: f64) -> *mut StrObj {
    // SAFETY: the caller runs `p`.
    unsafe { from_bytes(p, float_text(x).bytes()) }
}

/// `float_to_fixed`: with so many digits behind the point (clamped to 0..=1000).
pub(crate) unsafe fn float_to_fixed(p: *mut Process, x: f64, digits: i64) -> *mut StrObj {
    // SAFETY: the caller runs `p`.
    unsafe {
        match special(x) {
            Some(text) => from_bytes(p, text.as_bytes()),
            None => {
                let text = format!("{:.*}", digits.clamp(0, 1000) as usize, x);
                from_bytes(p, text.as_bytes())
            }
        }
    }
}

/// What `Float.parse` reads: a number as a literal is written, with an optional sign, or as `to_string` shows it.
fn parse_float(text: &[u8]) -> Option<f64> {
    let (sign, rest) = match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, text),
    };
    match rest {
        b"NaN" => return Some(f64::NAN),
        b"Infinity" => return Some(sign * f64::INFINITY),
        _ => {}
    }
    let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = digits(0);
    if at == 0 {
        return None;
    }
    if rest.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(rest.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(rest.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let exponent = digits(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at != rest.len() {
        return None;
    }
    str::from_utf8(text).ok()?.parse().ok()
}

/// `float_parses`
pub(crate) unsafe fn float_parses(_: *mut Process, a: *mut StrObj) -> bool {
    // SAFETY: the caller holds `a`.
    parse_float(unsafe { bytes(a) }).is_some()
}

/// `float_parse`: NaN for what isn't a number.
pub(crate) unsafe fn float_parse(_: *mut Process, a: *mut StrObj) -> f64 {
    // SAFETY: the caller holds `a`.
    parse_float(unsafe { bytes(a) }).unwrap_or(f64::NAN)
}

/// `pid_to_str`
pub(crate) unsafe fn pid_to_str(p: *mut Process, pid: i64) -> *mut StrObj {
    // SAFETY: the caller runs `p`.
    unsafe { from_bytes(p, Text::new(format_args!("{}", Pid(pid))).bytes()) }
}

/// `hash_combine`
pub(crate) unsafe fn hash_combine(_: *mut Process, a: i64, b: i64) -> i64 {
    HashKey::of_run().combine(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_show_the_shortest_form() {
        let show = |x: f64| String::from_utf8(float_text(x).bytes().to_vec()).unwrap();
        let cases = [
            (3.0, "3.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e-5, "0.00001"),
            (9e-6, "9.0e-6"),
            (1.5e21, "1.5e21"),
            (1e21, "1.0e21"),
            (123456789012345680000.0, "123456789012345680000.0"),
            (f64::MIN, "-1.7976931348623157e308"),
            (5e-324, "5.0e-324"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (x, text) in cases {
            assert_eq!(show(x), text);
            assert!(x.is_nan() || parse_float(text.as_bytes()) == Some(x), "{text}");
        }
    }

    #[test]
    fn floats_are_read_strictly() {
        for text in ["", "-", ".5", "5.", "1e", "1e+", "inf", "nan", " 1", "1 ", "0x1", "1_0"] {
            assert_eq!(parse_float(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_float(b"+1.5E-3"), Some(0.0015));
        assert_eq!(parse_float(b"7"), Some(7.0));
    }
}
