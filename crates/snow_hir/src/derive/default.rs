//! `Default`: of a struct the fields' defaults, else their types'; of a sum type its first variant.

use super::Shape;

pub(super) const HEAD: &str = "fn default() -> Self do";

pub(super) fn body(shape: &Shape) -> String {
    match shape.variants.first() {
        Some(fields) if shape.is_struct => {
            let missing = fields.fields.iter().filter(|f| !f.has_default).filter_map(|f| f.name);
            let inits: Vec<String> = missing.map(|name| format!("{name}: Default.default()")).collect();
            format!("Target {{ {} }}", inits.join(", "))
        }
        Some(first) => first.pattern("a"),
        None => String::new(), // refused before
    }
}
