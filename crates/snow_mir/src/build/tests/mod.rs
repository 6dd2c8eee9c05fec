//! Programs and the MIR that is built from them.

mod functions;
mod processes;

use expect_test::Expect;
use snow_base::SourceMap;
use snow_diagnostics::Diagnostic;
use snow_hir::{ParsedFile, Program, lower_program};
use snow_typeck::{Typed, check_program};

use crate::layout::Layouts;
use crate::mir::Mir;

/// Std and one file through all stages before this one.
fn front(source: &str) -> (Program, Typed) {
    let mut map = SourceMap::default();
    let mut files = Vec::new();
    let std = snow_std::files().iter().map(|&(path, text)| (path, text, true));
    for (path, text, is_std) in std.chain([("Main", source, false)]) {
        let file = map.add(format!("{path}.snow"), text);
        let parse = snow_syntax::parse(text, file);
        assert!(parse.diagnostics.is_empty(), "{path}: {:?}", parse.diagnostics);
        let tree = parse.tree();
        let (path, module_path) = (format!("{path}.snow"), path.to_owned());
        files.push(ParsedFile { file, path, module_path, tree, is_std, is_root: !is_std });
    }
    let (program, lowered) = lower_program(&files);
    let (typed, checked) = check_program(&program, &[]);
    let errors: Vec<String> = lowered
        .iter()
        .chain(&checked)
        .filter(|d| d.is_error())
        .map(|d| {
            let file = map.file(d.span().file);
            format!("{} {:?} {}: {}", file.path, d.span().text_range(), d.code, d.message)
        })
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    (program, typed)
}

/// Builds a program, and runs all passes over it with the verifier.
fn built(source: &str) -> (Program, Mir) {
    let (program, typed) = front(source);
    let mir = super::build(&program, &typed).unwrap_or_else(|errors| panic!("{}", show(&errors)));
    let mut counted = mir.clone();
    let layouts = Layouts::new(&program, &typed);
    if let Err(found) = crate::passes::run(&mut counted, &layouts, true, &mut |_, _| {}) {
        let at = found.first().and_then(|v| counted.fns.iter().find(|f| f.symbol == v.func));
        let text = at.map(|f| crate::print::print_fn(&program, &counted, f)).unwrap_or_default();
        panic!("{found:#?}\n{text}");
    }
    (program, mir)
}

fn show(errors: &[Diagnostic]) -> String {
    errors.iter().map(|e| format!("{} {} {:?}\n", e.code, e.message, e.notes)).collect()
}

/// Compares the MIR of the functions with these names.
fn check(source: &str, names: &[&str], expect: Expect) {
    let (program, mir) = built(source);
    let mut text = String::new();
    for func in mir.fns.iter().filter(|f| names.contains(&f.name.as_str())) {
        let shown = crate::print::print_fn(&program, &mir, func);
        text.push_str(&stable(&shown));
    }
    expect.assert_eq(&text);
}

/// The text without the numbers of instances, which change with std.
fn stable(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        out.push_str(&rest[..at]);
        rest = rest[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out.push_str(rest);
    out
}

/// The error that building a program gives.
fn check_error(source: &str, expect: Expect) {
    let (program, typed) = front(source);
    match super::build(&program, &typed) {
        Ok(_) => panic!("it builds"),
        Err(errors) => expect.assert_eq(&show(&errors)),
    }
}
