//! What do messages show of the standard library?
//!
//! Its lines are nobody's mistake: where a message would point into them, it quotes the definition instead.

use snow_base::{FileId, FxHashSet, SourceMap, Span};
use snow_diagnostics::Diagnostic;

/// Makes notes of the labels in `std`, in all messages about other files.
pub(crate) fn quote(found: &mut [Diagnostic], std: &FxHashSet<FileId>, sources: &SourceMap) {
    for diagnostic in found.iter_mut().filter(|d| !std.contains(&d.span().file)) {
        let labels = std::mem::take(&mut diagnostic.labels);
        for label in labels {
            if !std.contains(&label.span.file) {
                diagnostic.labels.push(label);
                continue;
            }
            let definition = definition(sources, label.span);
            diagnostic.notes.push(match label.text.as_str() {
                text if text.is_empty() || text.ends_with("here") => {
                    format!("the standard library has `{definition}`")
                }
                text => format!("{text}: `{definition}`"),
            });
        }
    }
}

/// The line of a definition, as one would write it down.
fn definition(sources: &SourceMap, at: Span) -> String {
    let text = &*sources.file(at.file).text;
    let at = usize::from(at.text_range().start()).min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_suffix(" do").unwrap_or(line);
    // A short body; defaults of parameters stay.
    let result = line.find(") -> ").unwrap_or(line.len());
    let body = line[result..].find(" = ").map_or(line.len(), |body| result + body);
    line[..body].to_owned()
}
