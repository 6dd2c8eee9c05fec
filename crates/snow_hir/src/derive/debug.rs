//! `Debug`: `Point { x: 1, y: 2 }`, `Rect(width: 2, height: 3)`, `Circle(1.5)`, `Red`.

use super::{Part, Shape};

pub(super) const HEAD: &str = "fn inspect(self) -> String do";

pub(super) fn body(shape: &Shape) -> String {
    if shape.is_struct {
        let fields = shape.variants.iter().flat_map(|v| v.field_names());
        let shown: Vec<String> =
            fields.map(|name| format!("{name}: ${{Debug.inspect(self.{name})}}")).collect();
        return match shown.is_empty() {
            true => format!("\"{}\"", shape.name),
            false => format!("\"{} {{ {} }}\"", shape.name, shown.join(", ")),
        };
    }
    if shape.variants.is_empty() {
        return "\"\"".to_owned();
    }
    let arms: String =
        shape.variants.iter().map(|v| format!("{} -> {}\n", v.pattern("a"), variant_text(v))).collect();
    format!("case self do\n{arms}end")
}

fn variant_text(variant: &Part) -> String {
    if variant.fields.is_empty() {
        return format!("\"{}\"", variant.name);
    }
    let parts = variant.fields.iter().enumerate().map(|(i, field)| {
        let label = field.name.map_or(String::new(), |n| format!("{n}: "));
        format!("{label}${{Debug.inspect(a{i})}}")
    });
    format!("\"{}({})\"", variant.name, parts.collect::<Vec<_>>().join(", "))
}
