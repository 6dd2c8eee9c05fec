//! A diagnostic as one line of JSON, for editors and other tools.

use serde_json::{Value, json};
use snow_base::{SourceMap, Span};

use crate::Diagnostic;

/// Renders `diagnostic` as one JSON object on one line. Lines and columns count from 1, columns in
/// code points; `start` and `end` are byte offsets. `place` is `null` for what isn't in a file.
pub fn render_json(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let labels = diagnostic.labels.iter().map(|label| {
        let mut value = place(label.span, sources);
        value["text"] = json!(label.text);
        value["primary"] = json!(label.primary);
        value
    });
    let fixes = diagnostic.fixes.iter().map(|fix| {
        let edits = fix.edits.iter().map(|(span, text)| {
            let mut value = place(*span, sources);
            value["replacement"] = json!(text);
            value
        });
        json!({ "title": fix.title, "safe": fix.safe, "edits": edits.collect::<Vec<_>>() })
    });
    json!({
        "severity": diagnostic.severity.word(),
        "code": diagnostic.code,
        "message": diagnostic.message,
        "place": diagnostic.place().map(|span| place(span, sources)),
        "labels": labels.collect::<Vec<_>>(),
        "notes": diagnostic.notes,
        "help": diagnostic.help,
        "fixes": fixes.collect::<Vec<_>>(),
    })
    .to_string()
}

fn place(span: Span, sources: &SourceMap) -> Value {
    let file = sources.file(span.file);
    let range = span.text_range();
    let (start, end) =
        (file.lines.line_col(&file.text, range.start()), file.lines.line_col(&file.text, range.end()));
    json!({
        "file": file.path,
        "start": u32::from(range.start()),
        "end": u32::from(range.end()),
        "line": start.line,
        "column": start.col,
        "end_line": end.line,
        "end_column": end.col,
    })
}

#[cfg(test)]
mod tests {
    use snow_base::TextRange;

    use super::*;

    #[test]
    fn json_is_one_line_with_places() {
        let mut sources = SourceMap::default();
        let file = sources.add("main.snow", "a\nbc\n");
        let span = Span::new(file, TextRange::new(2.into(), 4.into()));
        let d = Diagnostic::error("E0101", "m", span).with_fix("t", vec![(span, "x\ny".into())]);
        let line = render_json(&d, &sources);
        assert!(!line.contains('\n'));
        let value: Value = serde_json::from_str(&line).expect("valid JSON");
        assert_eq!(value["place"]["line"], 2);
        assert_eq!(value["place"]["end_column"], 3);
        assert_eq!(value["fixes"][0]["edits"][0]["replacement"], "x\ny");
    }
}
