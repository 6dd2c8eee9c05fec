//! Programs changed at their tree: they mostly still parse, but what they say is another thing, mostly a mistake.
//!
//! Whole parts are exchanged, doubled, taken out, wrapped or renamed. The same for the same seed.

use std::ops::Range;

use snow_base::FileId;
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, parse};

use crate::mutate::Random;

/// What may stand for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Expr,
    Pattern,
    Type,
    /// Arms, clauses, items, statements, fields, arguments: what there may be one more or less of.
    Element,
    /// A name that begins small.
    Value,
    /// A name that begins large.
    Big,
}

const CLASSES: [Class; 6] =
    [Class::Expr, Class::Pattern, Class::Type, Class::Element, Class::Value, Class::Big];

/// What is put around an expression; `_` is the expression.
const AROUND: &[&str] = &[
    "(_)?",
    "[_]",
    "(_, 1)",
    "(fn -> _ end)",
    "(fn x -> _ end)",
    "(_).0",
    "(_).length()",
    "(_).name",
    "(_)[0]",
    "(-(_))",
    "(not _)",
    "spawn(fn -> _ end)",
    "\"${_}\"",
    "(return _)",
    "Some(_)",
    "(_)()",
    "(_)(1)",
    "(_ |> inspect)",
    "(_ == _)",
    "(_ + _)",
    "(_ <> _)",
    "%{_ => _}",
    "%{_ | x: 1}",
    "(case _ do x -> x end)",
    "(case _ do [] -> 1 end)",
    "(if _ do _ end)",
    "(for x in _ do x end)",
    "(while _ do _ end)",
    "send(self(), _)",
    "ask(_, fn r -> r end)",
    "(receive do x -> _ end)",
    "do\nlet y = _\ny\nend",
    "inspect(_)",
    "_.._",
    "self()",
    "[.._]",
    "List.map(_, fn y -> y end)",
    "(break)",
];

/// Names that any program may use.
const NAMES: &[&str] =
    &["self", "println", "x", "n", "main", "_", "inspect", "compare", "spawn", "weight", "area"];
const BIG_NAMES: &[&str] = &[
    "Int", "String", "List", "Map", "Option", "Some", "None", "Ok", "Err", "Self", "Pid", "Never", "T", "Eq",
    "Display", "Ordering",
];

/// A part of a program.
struct Part {
    class: Class,
    range: Range<usize>,
}

/// A program with one to three changes.
pub fn twist(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + random.below(3) {
        text = changed(&text, random);
    }
    text
}

fn changed(text: &str, random: &mut Random) -> String {
    let root = parse(text, FileId(0)).syntax();
    let mut parts = Vec::new();
    collect(&root, &mut parts);
    let class = CLASSES[random.below(CLASSES.len())];
    let of_class: Vec<&Part> = parts.iter().filter(|part| part.class == class).collect();
    let (Some(first), Some(second)) = (pick(&of_class, random), pick(&of_class, random)) else {
        return text.to_owned();
    };
    let (a, b) = (&text[first.clone()], &text[second.clone()]);
    match (class, random.below(6)) {
        (Class::Expr, 0..=2) => {
            let around = AROUND[random.below(AROUND.len())].replace('_', a);
            replaced(text, first, &around)
        }
        (Class::Element, 0..=1) => replaced(text, first, ""),
        (Class::Element, 2..=3) => replaced(text, first.clone(), &format!("{a}\n{a}")),
        (Class::Value, 0) => replaced(text, first, NAMES[random.below(NAMES.len())]),
        (Class::Big, 0..=1) => replaced(text, first, BIG_NAMES[random.below(BIG_NAMES.len())]),
        (Class::Type, 0) => {
            let around = ["(_)?", "[_]", "(_, Int)", "Fun(_) -> _", "Pid<_>", "Map<_, _>", "(_)!Int"];
            replaced(text, first, &around[random.below(around.len())].replace('_', a))
        }
        (_, 3) if first.end <= second.start || second.end <= first.start => exchanged(text, first, second),
        _ => replaced(text, first, b),
    }
}

fn pick(parts: &[&Part], random: &mut Random) -> Option<Range<usize>> {
    // Small parts are more frequent than large ones, whose exchange says little.
    (!parts.is_empty()).then(|| parts[random.below(parts.len())].range.clone())
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

fn exchanged(text: &str, a: Range<usize>, b: Range<usize>) -> String {
    let (a, b) = if a.start <= b.start { (a, b) } else { (b, a) };
    [&text[..a.start], &text[b.clone()], &text[a.end..b.start], &text[a], &text[b.end..]].concat()
}

fn collect(root: &SyntaxNode, parts: &mut Vec<Part>) {
    for element in root.descendants_with_tokens() {
        let range = Range::<usize>::from(element.text_range());
        let class = match &element {
            SyntaxElement::Node(node) => class_of(node.kind()),
            SyntaxElement::Token(token) => match token.kind() {
                SyntaxKind::IDENT => Some(Class::Value),
                SyntaxKind::TYPE_IDENT => Some(Class::Big),
                _ => None,
            },
        };
        parts.extend(class.filter(|_| !range.is_empty()).map(|class| Part { class, range }));
    }
}

fn class_of(kind: SyntaxKind) -> Option<Class> {
    let name = format!("{kind:?}");
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&["_EXPR"]) || name == "LITERAL" {
        Some(Class::Expr)
    } else if ends(&["_PAT"]) {
        Some(Class::Pattern)
    } else if ends(&["_TYPE"]) {
        Some(Class::Type)
    } else if ends(&[
        "_ARM", "_CLAUSE", "_ITEM", "_STMT", "_DEF", "_FIELD", "_ENTRY", "ARG", "PARAM", "VARIANT",
        "HANDLER", "METHOD",
    ]) {
        Some(Class::Element)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_program() {
        let text = "fn f(x :: Int) = x + 1\nfn main() do println(f(2)) end\n";
        let all: Vec<String> = (0..50).map(|seed| twist(text, &mut Random::new(seed))).collect();
        assert_eq!(all, (0..50).map(|seed| twist(text, &mut Random::new(seed))).collect::<Vec<_>>());
        let changed = all.iter().filter(|twisted| *twisted != text).count();
        assert!(changed > 25, "only {changed} of 50 programs were changed");
        assert_eq!(twist("", &mut Random::new(1)), "");
    }

    #[test]
    fn parts_change_places() {
        assert_eq!(exchanged("a b c", 4..5, 0..1), "c b a");
        assert_eq!(replaced("a b c", 2..3, "x"), "a x c");
    }
}
