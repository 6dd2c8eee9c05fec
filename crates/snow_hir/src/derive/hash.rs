//! `Hash`: the number of the variant and all parts, in order.

use super::Shape;

pub(super) const HEAD: &str = "fn hash(self) -> Int do";

pub(super) fn body(shape: &Shape) -> String {
    if shape.is_struct {
        let fields = shape.variants.iter().flat_map(|v| v.field_names());
        return combined(0, fields.map(|name| format!("self.{name}")));
    }
    if shape.variants.is_empty() {
        return "0".to_owned();
    }
    if shape.variants.iter().all(|v| v.fields.is_empty()) {
        return "Derive.hash_int(Derive.variant_index(self))".to_owned();
    }
    let mut arms = String::new();
    for (number, variant) in shape.variants.iter().enumerate() {
        let parts = combined(number, (0..variant.fields.len()).map(|i| format!("a{i}")));
        arms.push_str(&format!("{} -> {parts}\n", variant.pattern("a")));
    }
    format!("case self do\n{arms}end")
}

/// Statements, not nested calls: the number of parts has no limit.
fn combined(number: usize, parts: impl Iterator<Item = String>) -> String {
    let start = format!("let hash = Derive.hash_int({number})\n");
    parts.fold(start, |code, part| {
        code + &format!("let hash = Derive.hash_combine(hash, Hash.hash({part}))\n")
    }) + "hash"
}
