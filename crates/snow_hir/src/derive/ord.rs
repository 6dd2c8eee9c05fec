//! `Ord`: fields in order; variants in order of definition, then their parts.

use super::Shape;

pub(super) const HEAD: &str = "fn compare(self, other :: Self) -> Ordering do";

pub(super) fn body(shape: &Shape) -> String {
    if shape.is_struct {
        let fields = shape.variants.iter().flat_map(|v| v.field_names());
        return lexicographic(fields.map(|name| (format!("self.{name}"), format!("other.{name}"))).collect());
    }
    let by_index = "Derive.compare_index(Derive.variant_index(self), Derive.variant_index(other))";
    let with_parts: Vec<_> = shape.variants.iter().filter(|v| !v.fields.is_empty()).collect();
    if with_parts.is_empty() {
        return if shape.variants.is_empty() { "Ordering.Equal".to_owned() } else { by_index.to_owned() };
    }
    let mut arms = String::new();
    for variant in &with_parts {
        let parts = (0..variant.fields.len()).map(|i| (format!("a{i}"), format!("b{i}"))).collect();
        arms.push_str(&format!(
            "({}, {}) -> {}\n",
            variant.pattern("a"),
            variant.pattern("b"),
            lexicographic(parts)
        ));
    }
    if shape.variants.len() > 1 {
        arms.push_str(&format!("_ -> {by_index}\n"));
    }
    format!("case (self, other) do\n{arms}end")
}

/// Compares pairs until one differs. Statements, not nested arms: the number of fields has no limit.
fn lexicographic(pairs: Vec<(String, String)>) -> String {
    let Some(((last_a, last_b), first)) = pairs.split_last() else { return "Ordering.Equal".to_owned() };
    let mut code = String::new();
    for (a, b) in first {
        code.push_str(&format!(
            "case Ord.compare({a}, {b}) do\nOrdering.Equal -> ()\ndifferent -> return different\nend\n"
        ));
    }
    code + &format!("Ord.compare({last_a}, {last_b})")
}
