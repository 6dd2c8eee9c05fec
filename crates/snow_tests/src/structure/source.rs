//! Rules about single files: heads, sizes, words that may not stand there.

use super::Finding;
use super::functions::functions;
use super::tokens::{Token, tokens};

/// Lines of a file, tests apart.
const FILE_LINES: usize = 1000;
/// Lines of a function.
const FUNCTION_LINES: usize = 100;
/// Parameters of a function, `self` apart.
const PARAMS: usize = 6;
/// The share of its crate that one file may be, in percent, once the crate has more than [`LARGE_CRATE`] lines.
const SHARE: usize = 15;
/// When the share of one file counts.
const LARGE_CRATE: usize = 3000;

/// A Rust file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The crate.
    pub krate: String,
    /// The path from the root, for people.
    pub path: String,
    /// The text.
    pub text: String,
}

/// All findings about the files of the project.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files.iter().flat_map(check_file).collect();
    findings.extend(check_shares(files));
    findings
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |rule, place: String, text: String| findings.push(Finding { rule, place, text });
    if !file.text.starts_with("//!") {
        find("head", file.path.clone(), "doesn't open with `//!`".to_owned());
    }
    let lines = code_lines(file);
    if lines > FILE_LINES {
        find("file-size", file.path.clone(), format!("{lines} lines, at most {FILE_LINES}"));
    }
    let tokens = tokens(&file.text);
    for function in functions(&tokens) {
        let place = format!("{}::{}", file.path, function.name);
        if function.lines > FUNCTION_LINES {
            find("fn-size", place.clone(), format!("{} lines, at most {FUNCTION_LINES}", function.lines));
        }
        if function.params > PARAMS {
            find("params", place, format!("{} parameters, at most {PARAMS}", function.params));
        }
    }
    for (line, text) in forbidden(file, &tokens) {
        find("forbidden", file.path.clone(), format!("`{text}` in line {line}"));
    }
    findings
}

/// The lines of a file without its tests.
fn code_lines(file: &SourceFile) -> usize {
    if is_test(&file.path) {
        return 0;
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let tests = lines
        .windows(2)
        .position(|pair| pair[0].trim() == "#[cfg(test)]" && pair[1].trim_start().starts_with("mod tests {"));
    tests.unwrap_or(lines.len())
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches"))
}

/// Words that stand for unfinished or hidden work, and `unsafe` where there is no place for it.
fn forbidden(file: &SourceFile, tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let may_be_unsafe = file.krate.starts_with("snow_rt") || file.krate == "snow_codegen";
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let follows = |at: usize, text: &str| tokens.get(index + at).is_some_and(|next| next.text == text);
        let text = match token.text {
            "unsafe" if !may_be_unsafe => "unsafe",
            "todo" if follows(1, "!") => "todo!",
            "unimplemented" if follows(1, "!") => "unimplemented!",
            "allow" if index > 0 && tokens[index - 1].text == "[" && follows(1, "(") => "#[allow(…)]",
            _ => continue,
        };
        found.push((token.line, text.to_owned()));
    }
    for (index, line) in file.text.lines().enumerate() {
        let comment = line.split_once("//").map_or("", |(_, comment)| comment);
        if let Some(word) = ["TODO", "FIXME", "XXX"].into_iter().find(|word| comment.contains(word)) {
            found.push((index + 1, word.to_owned()));
        }
    }
    found
}

fn check_shares(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let total: usize = files.iter().filter(|other| other.krate == file.krate).map(code_lines).sum();
        let lines = code_lines(file);
        if total > LARGE_CRATE && lines * 100 > total * SHARE {
            findings.push(Finding {
                rule: "share",
                place: file.path.clone(),
                text: format!("{lines} of the {total} lines of its crate, at most {SHARE} %"),
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(krate: &str, path: &str, text: &str) -> Vec<String> {
        let file = SourceFile { krate: krate.to_owned(), path: path.to_owned(), text: text.to_owned() };
        check(&[file]).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_good_file_has_no_findings() {
        assert!(found("snow_base", "a.rs", "//! Why.\nfn f(a: u8) {}\n").is_empty());
        assert!(found("snow_rt", "a.rs", "//! Why.\nfn f() { unsafe {} }\n").is_empty());
    }

    #[test]
    fn each_rule_is_seen() {
        let text = "fn f(a: A, b: A, c: A, d: A, e: A, f: A, g: A) { unsafe { todo!() } }\n#[allow(x)]\n// TO"
            .to_owned() + "DO\n";
        assert_eq!(
            found("snow_base", "a.rs", &text),
            [
                "head a.rs: doesn't open with `//!`",
                "params a.rs::f: 7 parameters, at most 6",
                "forbidden a.rs: `unsafe` in line 1",
                "forbidden a.rs: `todo!` in line 1",
                "forbidden a.rs: `#[allow(…)]` in line 2",
                &("forbidden a.rs: `TO".to_owned() + "DO` in line 3"),
            ]
        );
    }

    #[test]
    fn tests_do_not_count_as_code() {
        let long = "\n".repeat(2000);
        let code = format!("//! Why.\n#[cfg(test)]\nmod tests {{{long}}}\n");
        assert!(found("c", "src/a.rs", &code).is_empty());
        assert!(found("c", "tests/a.rs", &format!("//! Why.{long}")).is_empty());
        assert_eq!(found("c", "src/a.rs", &format!("//! Why.{long}")).len(), 1);
        assert_eq!(found("c", "src/a.rs", &format!("//! Why.\nfn f() {{{}}}\n", "\n".repeat(100))).len(), 1);
    }
}
