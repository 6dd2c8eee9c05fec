//! `Display`: `Point(1, 2)`, `Circle(1.5)`, `Red`.

use super::{Part, Shape};

pub(super) const HEAD: &str = "fn to_string(self) -> String do";

pub(super) fn body(shape: &Shape) -> String {
    if shape.is_struct {
        let fields = shape.variants.iter().flat_map(|v| v.field_names());
        return text(shape.name.as_str(), fields.map(|name| format!("self.{name}")));
    }
    if shape.variants.is_empty() {
        return "\"\"".to_owned();
    }
    let arm = |v: &Part| {
        let parts = (0..v.fields.len()).map(|i| format!("a{i}"));
        format!("{} -> {}\n", v.pattern("a"), text(v.name.as_str(), parts))
    };
    let arms: String = shape.variants.iter().map(arm).collect();
    format!("case self do\n{arms}end")
}

fn text(name: &str, parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.map(|p| format!("${{{p}}}")).collect();
    if parts.is_empty() { format!("\"{name}\"") } else { format!("\"{name}({})\"", parts.join(", ")) }
}
