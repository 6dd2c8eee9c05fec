//! How are errors of the system told to programs? In a plain text that names what was tried, the path and the cause.

use std::io::{Error, ErrorKind};

use snow_rt::part::{Text, internal_error};

/// `can't read notes.txt: no such file or directory`
pub(crate) fn text(tried: &str, subject: &str, error: &Error) -> String {
    format!("can't {tried} {subject}: {}", cause(error))
}

/// The system's words, without its number.
pub(crate) fn cause(error: &Error) -> String {
    if error.kind() == ErrorKind::InvalidInput && error.raw_os_error().is_none() {
        // The only thing that the library refuses by itself.
        return "the name holds a zero byte".into();
    }
    let text = error.to_string();
    let text = text.split(" (os error ").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "the system doesn't say why".into(),
    }
}

/// A copy of a text, for who carries an operation out.
pub(crate) fn owned(text: Text<'_>) -> String {
    match text.text() {
        Some(text) => text.to_owned(),
        None => internal_error("bytes were passed for a text"),
    }
}

/// Ends the program because the system refuses what it needs.
pub(crate) fn fatal(text: &str) -> ! {
    eprintln!("snow: {text}");
    std::process::exit(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_path_and_cause() {
        let missing = std::fs::read("/no/such/file").unwrap_err();
        assert_eq!(text("read", "a.txt", &missing), "can't read a.txt: no such file or directory");
        let zero = std::fs::read("a\0b").unwrap_err();
        assert_eq!(text("read", "a?b", &zero), "can't read a?b: the name holds a zero byte");
    }
}
