//! Tests of the checker on whole programs with the real standard library: signatures found, errors reported.

mod actors;
mod errors;
mod explanations;
mod interfaces;
mod signatures;

use std::fmt::Write as _;

use expect_test::Expect;
use snow_base::{FxHashMap, Name, SourceMap};
use snow_diagnostics::Diagnostic;
use snow_hir::{FnKind, ParsedFile, Program, lower_program};

use crate::results::{FnSig, Typed};
use crate::show::Shower;

/// The program, what the checker found, all diagnostics.
pub(crate) struct Checked {
    program: Program,
    typed: Typed,
    diagnostics: Vec<Diagnostic>,
    sources: SourceMap,
}

/// Checks a program of one file.
pub(crate) fn run(source: &str) -> Checked {
    let source = source.to_owned();
    let child = std::thread::Builder::new().stack_size(64 << 20).spawn(move || run_here(&source));
    match child.expect("a thread starts").join() {
        Ok(checked) => checked,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn run_here(source: &str) -> Checked {
    let mut sources = SourceMap::default();
    let mut files = vec![];
    let mut diagnostics = vec![];
    let std_files = snow_std::files().iter().map(|&(module, text)| (module, text, true));
    for (module, text, is_std) in std_files.chain([("Main", source, false)]) {
        let file = sources.add(format!("{module}.snow"), text);
        let parse = snow_syntax::parse(text, file);
        files.push(ParsedFile {
            file,
            path: format!("{module}.snow"),
            module_path: module.to_owned(),
            tree: parse.tree(),
            is_std,
            is_root: !is_std,
        });
        diagnostics.extend(parse.diagnostics);
    }
    let (program, found) = lower_program(&files);
    diagnostics.extend(found);
    let (typed, found) = crate::check_program(&program, &[]);
    diagnostics.extend(found);
    snow_diagnostics::sort(&mut diagnostics);
    Checked { program, typed, diagnostics, sources }
}

impl Checked {
    /// One line for each diagnostic, but warnings about names, which aren't the checker's.
    fn errors(&self) -> String {
        let mut text = String::new();
        for d in self.diagnostics.iter().filter(|d| !d.code.starts_with("W000")) {
            let span = d.span();
            let file = self.sources.file(span.file);
            let at = file.lines.line_col(&file.text, span.text_range().start());
            let place = if file.path == "Main.snow" { String::new() } else { format!("{} ", file.path) };
            let _ = writeln!(text, "{} {place}{}:{} {}", d.code, at.line, at.col, d.message);
        }
        text
    }

    /// The signatures of the root module, in source order.
    fn signatures(&self) -> String {
        let mut text = String::new();
        for (id, def) in self.program.fns.iter() {
            let own = Some(def.module) == self.program.root && def.container == snow_hir::Container::Module;
            if own && def.kind != FnKind::Test(String::new()) {
                let sig = &self.typed.sigs[&id];
                let _ = writeln!(text, "{}{}", def.name, self.signature(sig, def));
            }
        }
        text
    }

    fn signature(&self, sig: &FnSig, def: &snow_hir::FnDef) -> String {
        let declared: Vec<Name> = def.generics.params.iter().map(|p| p.0).collect();
        let names = FxHashMap::default();
        let mut shower = Shower::new(&self.program, &names, &declared);
        let params: Vec<String> = sig.params.iter().map(|&p| shower.show(p)).collect();
        let mut text = format!("({}) -> {}", params.join(", "), shower.show(sig.ret));
        for (index, pred) in sig.preds.iter().enumerate() {
            let args: Vec<String> = pred.args.iter().map(|&a| shower.show(a)).collect();
            let trait_ = self.program.traits[pred.trait_].name;
            let word = if index == 0 { "where" } else { "," };
            let _ = match args.len() {
                1 => write!(text, " {word} {}: {trait_}", args[0]),
                _ => write!(text, " {word} {}: {trait_}<{}>", args[0], args[1..].join(", ")),
            };
        }
        if let Some(mailbox) = sig.mailbox {
            let _ = write!(text, " receives {}", shower.show(mailbox));
        }
        text.replace(" ,", ",")
    }
}

/// The signatures of a program that has no errors.
fn check_signatures(source: &str, expect: &Expect) {
    let checked = run(source);
    expect.assert_eq(&format!("{}{}", checked.errors(), checked.signatures()));
}

/// The diagnostics of a program.
fn check_errors(source: &str, expect: &Expect) {
    expect.assert_eq(&run(source).errors());
}
