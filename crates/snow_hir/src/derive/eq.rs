//! `Eq`: parts in order; variants are compared by number first.

use super::Shape;

/// How many conditions stand side by side.
const GROUP: usize = 64;

pub(super) const HEAD: &str = "fn eq(self, other :: Self) -> Bool do";

pub(super) fn body(shape: &Shape) -> String {
    if shape.is_struct {
        let fields = shape.variants.iter().flat_map(|v| v.field_names());
        return all(fields.map(|name| format!("self.{name} == other.{name}")));
    }
    let same = "Derive.variant_index(self) == Derive.variant_index(other)";
    let with_parts: Vec<_> = shape.variants.iter().filter(|v| !v.fields.is_empty()).collect();
    if with_parts.is_empty() {
        return if shape.variants.is_empty() { "true".to_owned() } else { same.to_owned() };
    }
    let mut arms = String::new();
    for variant in &with_parts {
        let parts = all((0..variant.fields.len()).map(|i| format!("a{i} == b{i}")));
        arms.push_str(&format!("({}, {}) -> {parts}\n", variant.pattern("a"), variant.pattern("b")));
    }
    if shape.variants.len() == 1 {
        return format!("case (self, other) do\n{arms}end");
    }
    // Variants without parts are equal where their numbers are; others met their arm where they are.
    let others = if with_parts.len() == shape.variants.len() { "false" } else { same };
    format!("case (self, other) do\n{arms}_ -> {others}\nend")
}

/// In groups, so that an expression isn't nested as deep as there are conditions.
fn all(conditions: impl Iterator<Item = String>) -> String {
    let conditions: Vec<String> = conditions.collect();
    match conditions.chunks(GROUP).map(|group| group.join(" and ")).collect::<Vec<_>>() {
        groups if groups.is_empty() => "true".to_owned(),
        groups if groups.len() == 1 => groups.concat(),
        groups => format!("({})", groups.join(") and (")),
    }
}
