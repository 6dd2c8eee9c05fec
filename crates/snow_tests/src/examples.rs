//! The examples in the doc comments of `std/src`: each line below `## Example:` is an expression that is true.

/// An example of the library's documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The expression.
    pub text: String,
}

/// What stands in place of an example.
const EXCUSES: [&str; 2] = ["## For generated code.", "## Needs items: see the reference."];

/// All examples of a file of the library. O(length).
pub fn examples(source: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut inside = false;
    for (at, line) in source.lines().enumerate() {
        match line.trim_start().strip_prefix("## ") {
            Some("Example:") => inside = true,
            Some(text) if inside => found.push(Example { line: at + 1, text: text.to_owned() }),
            _ => inside = false,
        }
    }
    found
}

/// A program that prints the place of each example that doesn't hold, and `checked` at the end.
pub fn program(examples: &[Example]) -> String {
    let mut out = String::from(
        "fn check(line :: Int, holds :: Bool) -> () do\n  if not holds do println(\"line ${line}\") end\nend\n\n",
    );
    for example in examples {
        out.push_str(&format!("fn example_{0}() -> () = check({0}, {1})\n", example.line, example.text));
    }
    out.push_str("\nfn main() do\n");
    for example in examples {
        out.push_str(&format!("  example_{}()\n", example.line));
    }
    out.push_str("  println(\"checked\")\nend\n");
    out
}

/// The public functions of a file that have no doc comment, or no example though they come back. Functions that only
/// generated code calls, and those that need a service or supervisor, which a line can't define, say so instead.
pub fn undocumented(source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(head) = line.strip_prefix("pub fn ") else { continue };
        let above = lines[..at].iter().rev().skip_while(|l| l.starts_with('@'));
        let doc: Vec<&&str> = above.take_while(|l| l.starts_with("##")).collect();
        let has_example = doc.iter().any(|l| **l == "## Example:");
        let excused = doc.iter().any(|l| EXCUSES.contains(*l));
        if doc.is_empty() || !(has_example || excused || head.contains("-> Never")) {
            found.push(format!("line {}: {head}", at + 1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "## Twice.\n## Example:\n## M.twice(2) == 4\n@intrinsic(\"x\")\npub fn twice(n :: Int) -> Int\n\npub fn bare() -> Int = 1\n";

    #[test]
    fn finds_examples() {
        assert_eq!(examples(SOURCE), [Example { line: 3, text: "M.twice(2) == 4".to_owned() }]);
        assert!(program(&examples(SOURCE)).contains("check(3, M.twice(2) == 4)"));
    }

    #[test]
    fn finds_functions_without_example() {
        assert_eq!(undocumented(SOURCE), ["line 7: bare() -> Int = 1"]);
    }
}
