//! `tests/fail/**.snow` once more: is everything that people read told to tools, and does `snow fix` do what it says?
//!
//! The JSON of a program is compared with the text beside it, which `fail.rs` holds to be what people read. A program
//! with changes that are surely meant is changed: the errors they are of must be gone, and no others be there instead.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use snow_tests::corpus::{read, shown};
use snow_tests::exec::{LIMIT, run, snow};
use snow_tests::pool::check_files;

/// Programs in which a change brings further mistakes to light that could not be seen before.
const UNCOVERED: [&str; 2] = ["newcomers/structs_with_percent.snow", "syntax/one_mistake_one_error.snow"];

#[test]
fn tools_are_told_what_people_read() {
    check_files("tests/fail", check);
}

fn check(binary: &Path, folder: &Path, path: &Path) -> Result<(), String> {
    let file = shown(path, folder);
    let told = told(binary, folder, &file)?;
    let text = read(&path.with_extension("txt"))?;
    same(&told, &text)?;
    let fixed: Vec<&Value> = told.iter().filter(|d| safe(d)).collect();
    if fixed.is_empty() { Ok(()) } else { fixes(binary, path, &told, &fixed) }
}

/// The diagnostics as tools get them.
fn told(binary: &Path, folder: &Path, file: &str) -> Result<Vec<Value>, String> {
    let outcome = run(&mut snow(binary, folder, ["check", "--json", file]), LIMIT)?;
    let lines =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).map_err(|e| format!("{e}: {line}")));
    lines.collect()
}

fn same(told: &[Value], text: &str) -> Result<(), String> {
    let mut rest = text;
    let (mut notes, mut helps, mut titles) = (0, 0, 0);
    for diagnostic in told {
        let word = |key: &str| diagnostic[key].as_str().unwrap_or_default();
        let head = format!("{}[{}]: {}\n", word("severity"), word("code"), word("message"));
        let at = rest.find(&head).ok_or_else(|| format!("the text lacks, or has elsewhere, {head}"))?;
        let end = rest[at + 1..].find("\n\n").map_or(rest.len(), |end| at + 1 + end);
        let block = &rest[at..end];
        check_block(diagnostic, block).map_err(|e| format!("{e}\nin\n{block}"))?;
        notes += list(&diagnostic["notes"]).len();
        helps += list(&diagnostic["help"]).len();
        titles += list(&diagnostic["fixes"]).iter().filter(|f| !list(&f["edits"]).is_empty()).count();
        rest = &rest[end..];
    }
    let lines = |start: &str| text.lines().filter(|line| line.trim_start().starts_with(start)).count();
    let counts =
        [lines("= note: "), lines("= help: "), text.lines().filter(|l| l.starts_with("help: ")).count()];
    let errors = text.lines().filter(|l| l.starts_with("error[") || l.starts_with("warning[")).count();
    if counts != [notes, helps, titles] || errors != told.len() {
        return Err(format!(
            "the text has {errors} diagnostics and {counts:?} notes, helps and changes, the JSON {} and {:?}",
            told.len(),
            [notes, helps, titles]
        ));
    }
    Ok(())
}

/// Is all that tools are told of a diagnostic in its text?
fn check_block(diagnostic: &Value, block: &str) -> Result<(), String> {
    let place = &diagnostic["place"];
    let place = format!(" {}:{}:{}\n", place["file"].as_str().unwrap_or("?"), place["line"], place["column"]);
    let labels = list(&diagnostic["labels"]).iter().map(|l| &l["text"]);
    let texts = list(&diagnostic["notes"]).iter().chain(list(&diagnostic["help"])).chain(labels);
    let titles = list(&diagnostic["fixes"]).iter().map(|f| &f["title"]);
    let wanted = texts.chain(titles).filter_map(Value::as_str).flat_map(str::lines).map(str::trim);
    for text in wanted.chain([place.as_str()]) {
        if !block.contains(text) {
            return Err(format!("the text lacks `{text}`"));
        }
    }
    let primary = list(&diagnostic["labels"]).iter().filter(|l| l["primary"] == true).count();
    if primary == 0 { Err("no label is the mistake itself".to_owned()) } else { Ok(()) }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn safe(diagnostic: &Value) -> bool {
    list(&diagnostic["fixes"]).iter().any(|fix| fix["safe"] == true)
}

/// Applies the changes to a copy.
fn fixes(binary: &Path, path: &Path, before: &[Value], fixed: &[&Value]) -> Result<(), String> {
    let copy = tempfile::tempdir().map_err(|e| e.to_string())?;
    let home = path.parent().unwrap_or(path);
    let is_project = path.ends_with("main.snow");
    let sources =
        if is_project { snow_tests::corpus::all_files(home, "snow")? } else { vec![path.to_owned()] };
    for source in sources {
        let to = copy.path().join(source.strip_prefix(home).unwrap_or(&source));
        fs::create_dir_all(to.parent().unwrap_or(copy.path())).map_err(|e| e.to_string())?;
        fs::copy(&source, &to).map_err(|e| e.to_string())?;
    }
    let file = shown(path, home);
    run(&mut snow(binary, copy.path(), ["fix", &file]), LIMIT)?;
    let after = told(binary, copy.path(), &file)?;
    let (had, has) = (counts(before), counts(&after));
    let now = || {
        let lines: Vec<String> =
            after.iter().map(|d| format!("{}: {}", d["place"]["line"], name(d))).collect();
        let text = read(&copy.path().join(&file)).unwrap_or_default();
        format!("it is now\n{text}with\n{}", lines.join("\n"))
    };
    for diagnostic in fixed {
        let name = name(diagnostic);
        if has.get(&name).copied().unwrap_or(0) >= had[&name] {
            return Err(format!("`snow fix` leaves `{name}`; {}", now()));
        }
    }
    let errors = |all: &[Value]| all.iter().filter(|d| d["severity"] == "error").count();
    let uncovered = UNCOVERED.iter().any(|end| path.ends_with(end));
    let new = has.keys().filter(|name| name.starts_with('E') && !had.contains_key(*name));
    let new: Vec<&String> = new.collect();
    if !uncovered && (errors(&after) >= errors(before).max(1) || !new.is_empty()) {
        return Err(format!("`snow fix` brings {new:?}; {}", now()));
    }
    Ok(())
}

fn name(diagnostic: &Value) -> String {
    format!(
        "{} {}",
        diagnostic["code"].as_str().unwrap_or_default(),
        diagnostic["message"].as_str().unwrap_or_default()
    )
}

fn counts(all: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in all {
        *counts.entry(name(diagnostic)).or_default() += 1;
    }
    counts
}
