//! Tests of the lowering: source in, items and bodies or messages out.

mod deriving;
mod errors;
mod lowering;
mod modules;
mod robustness;

use expect_test::Expect;
use snow_base::{FileId, SourceMap};

use crate::{ParsedFile, Program, lower_program, pretty_program};

/// A std that is just large enough.
const STD: &[(&str, &str)] = &[
    (
        "Prelude",
        "from Ops import Eq, Ord, Hash, Display, Debug, Default\n\
         @builtin(\"int\") pub type Int\n@builtin(\"bool\") pub type Bool\n@builtin(\"string\") pub type String\n\
         pub fn println(x) = ()\npub fn dbg_at(text, x) = x\npub fn default() = Default.default()",
    ),
    ("Ordering", "@lang(\"ordering\") pub type Ordering do Less\nEqual\nGreater end deriving()"),
    ("Option", "@lang(\"option\") pub type Option<T> do None\nSome(T) end deriving()\npub fn map(o, f) = o"),
    ("Result", "@lang(\"result\") pub type Result<T, E> do Ok(T)\nErr(E) end deriving()"),
    (
        "List",
        "@builtin(\"list\") pub type List<T>\npub fn map(xs, f) = xs\npub fn filter(xs, f) = xs\nfn hidden(xs) = xs",
    ),
    (
        "Derive",
        "pub fn variant_index(x) = 0\npub fn hash_combine(a, b) = 0\npub fn hash_int(a) = 0\n\
         pub fn compare_index(a, b) = Equal",
    ),
    (
        "Ops",
        "@lang(\"eq\") pub interface Eq do fn eq(self, other :: Self) -> Bool end\n\
         @lang(\"ord\") pub interface Ord do fn compare(self, other :: Self) -> Ordering end\n\
         @lang(\"hash\") pub interface Hash do fn hash(self) -> Int end\n\
         @lang(\"display\") pub interface Display do fn to_string(self) -> String end\n\
         @lang(\"debug\") pub interface Debug do fn inspect(self) -> String end\n\
         @lang(\"default\") pub interface Default do fn default() -> Self end",
    ),
];

/// Lowers modules (path and text; the first is the root) with a std.
fn lower(std: &[(&str, &str)], modules: &[(&str, &str)]) -> (Program, String) {
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    let all = std.iter().map(|m| (m, true)).chain(modules.iter().map(|m| (m, false)));
    for (&(module, text), is_std) in all {
        let path = format!("{}.snow", module.to_lowercase());
        let file: FileId = sources.add(path.clone(), text);
        let parse = snow_syntax::parse(text, file);
        diagnostics.extend(parse.diagnostics.iter().cloned());
        let is_root = !is_std && module == modules[0].0;
        files.push(ParsedFile {
            file,
            path,
            module_path: module.to_owned(),
            tree: parse.tree(),
            is_std,
            is_root,
        });
    }
    let (program, lowered) = lower_program(&files);
    diagnostics.extend(lowered);
    snow_diagnostics::sort(&mut diagnostics);
    let mut shown = String::new();
    for d in &diagnostics {
        let place = &sources.file(d.span().file);
        let at = place.lines.line_col(&place.text, d.span().text_range().start());
        shown.push_str(&format!("{} {}:{}:{} {}", d.code, place.path, at.line, at.col, d.message));
        for help in d.help.iter().chain(d.fixes.iter().map(|f| &f.title)) {
            shown.push_str(&format!(" [{help}]"));
        }
        shown.push('\n');
    }
    (program, shown)
}

/// Compares the lowered items and bodies of one module; messages come first.
fn check(source: &str, expect: Expect) {
    let (program, messages) = lower(STD, &[("Main", source)]);
    expect.assert_eq(&format!("{messages}{}", pretty_program(&program)));
}

/// Compares the messages for one module.
fn check_messages(source: &str, expect: Expect) {
    expect.assert_eq(&lower(STD, &[("Main", source)]).1);
}

/// Compares the messages for several modules.
fn check_modules(modules: &[(&str, &str)], expect: Expect) {
    expect.assert_eq(&lower(STD, modules).1);
}

#[test]
fn the_standard_library_has_no_mistakes() {
    let (program, messages) = lower(snow_std::files(), &[("Main", "fn main() do println(1) end")]);
    assert_eq!(messages, "");
    assert!(program.root.is_some());
    for (item, name, _) in snow_abi::lang_items::ROWS {
        let lang = &program.lang;
        let found =
            lang.types.contains_key(item) || lang.traits.contains_key(item) || lang.fns.contains_key(item);
        assert!(found, "std has no @lang({name:?})");
    }
}
