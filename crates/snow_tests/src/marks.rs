//! Where a rejected program says that its errors stand, and where the compiler says so.
//!
//! A line that ends in `# error` (or `# error: E0301`, or `# warning…`) must have exactly one report of that kind;
//! `# errors` after a line number, `# error at 7: E0101`, stands for another line. No other line may have one.

/// A report or the demand for one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The line, from 1.
    pub line: u32,
    /// `error` or `warning`.
    pub kind: String,
    /// The code, if it is said.
    pub code: Option<String>,
}

/// The marks in a program.
pub fn expected(source: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let Some((_, comment)) = line.rsplit_once("# ") else { continue };
        let (head, code) = match comment.split_once(": ") {
            Some((head, code)) => (head, Some(code.trim().to_owned())),
            None => (comment.trim_end(), None),
        };
        let (kind, at) = match head.split_once(" at ") {
            Some((kind, at)) => (kind, at.parse().ok()),
            None => (head, Some(index as u32 + 1)),
        };
        if let (Some(line), "error" | "warning") = (at, kind) {
            marks.push(Mark { line, kind: kind.to_owned(), code });
        }
    }
    marks.sort();
    marks
}

/// The marks of the reports about `file` in the compiler's text.
pub fn reported(text: &str, file: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut head: Option<(String, String)> = None;
    for line in text.lines() {
        if let Some(found) = parse_head(line) {
            head = Some(found);
        } else if let Some(place) = line.trim_start().strip_prefix("--> ")
            && let Some(place) = place.strip_prefix(file).and_then(|rest| rest.strip_prefix(':'))
            && let Some((kind, code)) = head.take()
        {
            let line = place.split(':').next().and_then(|line| line.parse().ok()).unwrap_or(0);
            marks.push(Mark { line, kind, code: Some(code) });
        }
    }
    marks.sort();
    marks
}

/// `error[E0301]: …`
fn parse_head(line: &str) -> Option<(String, String)> {
    let (kind, rest) = line.split_once('[')?;
    let (code, _) = rest.split_once("]: ")?;
    matches!(kind, "error" | "warning").then(|| (kind.to_owned(), code.to_owned()))
}

/// Whether the reports are those demanded; where no code is demanded any counts.
pub fn check(source: &str, text: &str, file: &str) -> Result<(), String> {
    let (wanted, given) = (expected(source), reported(text, file));
    let agrees = |wanted: &Mark, given: &Mark| {
        (wanted.line, &wanted.kind) == (given.line, &given.kind)
            && wanted.code.as_ref().is_none_or(|code| Some(code) == given.code.as_ref())
    };
    if wanted.len() == given.len() && wanted.iter().zip(&given).all(|(wanted, given)| agrees(wanted, given)) {
        return Ok(());
    }
    let list = |marks: &[Mark]| match marks {
        [] => "nothing".to_owned(),
        marks => {
            let shown = marks.iter().map(|mark| {
                let code = mark.code.as_deref().unwrap_or("any");
                format!("{} {code} in line {}", mark.kind, mark.line)
            });
            shown.collect::<Vec<_>>().join(", ")
        }
    };
    Err(format!("marked: {}\nreported: {}\n", list(&wanted), list(&given)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "fn f() = 1 + \"\"  # error: E0301\nfn g() = h()  # error\n# error at 9: E0102\n";

    #[test]
    fn marks_stand_at_their_lines() {
        let lines: Vec<_> = expected(SOURCE).into_iter().map(|mark| (mark.line, mark.code)).collect();
        let code = |code: &str| Some(code.to_owned());
        assert_eq!(lines, [(1, code("E0301")), (2, None), (9, code("E0102"))]);
    }

    #[test]
    fn reports_are_read_from_the_text() {
        let text = "error[E0301]: types\n --> a.snow:1:14\n  |\n  ::: b.snow:3:1\nerror[E0202]: name\n --> a.snow:2:10\n\
                    error[E0102]: end\n  --> a.snow:9:1\n";
        assert_eq!(check(SOURCE, text, "a.snow"), Ok(()));
        let report =
            check(SOURCE, "error[E0301]: types\n --> a.snow:1:14\n", "a.snow").expect_err("two lack");
        assert!(report.contains("error any in line 2"), "{report}");
        assert!(report.ends_with("reported: error E0301 in line 1\n"), "{report}");
    }
}
