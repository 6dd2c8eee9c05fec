//! The programs in the language reference.
//!
//! A block ```` ```snow ```` must compile; ```` ```snow fail E0301 ```` must give that code and no other error. Where a
//! block says `# prints: text`, the program's output is these texts, a line each. Other blocks are left alone.

/// A program in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The line of its first line in the page, from 1.
    pub line: u32,
    /// The code it must be rejected with.
    pub fail: Option<String>,
    /// The program.
    pub source: String,
}

impl Block {
    /// The output it promises; none: it's only checked.
    pub fn prints(&self) -> Option<String> {
        let lines: Vec<&str> = self
            .source
            .lines()
            .filter_map(|line| {
                let text = line.split_once("# prints:")?.1;
                Some(text.strip_prefix(' ').unwrap_or(text).trim_end())
            })
            .collect();
        if lines.is_empty() || !self.source.contains("fn main") {
            return None;
        }
        Some(lines.join("\n") + "\n")
    }
}

/// The Snow blocks of a page; `Err` names a block that doesn't end or whose head isn't understood.
pub fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String, Vec<&str>)> = None;
    for (index, line) in page.lines().enumerate() {
        open = match (open, line.trim_start().strip_prefix("```")) {
            (None, Some(head)) => Some((index + 2, head.trim().to_owned(), Vec::new())),
            (Some((start, head, lines)), Some("")) => {
                blocks.extend(read_block(start, &head, &lines)?);
                None
            }
            (Some((start, head, mut lines)), _) => {
                lines.push(line);
                Some((start, head, lines))
            }
            (None, None) => None,
        };
    }
    match open {
        Some((start, ..)) => Err(format!("line {}: the block doesn't end", start - 1)),
        None => Ok(blocks),
    }
}

fn read_block(start: usize, head: &str, lines: &[&str]) -> Result<Option<Block>, String> {
    let words: Vec<&str> = head.split_whitespace().collect();
    let fail = match words[..] {
        ["snow"] => None,
        ["snow", "fail", code] => Some(code.to_owned()),
        ["snow", ..] => return Err(format!("line {}: `{head}` isn't understood", start - 1)),
        _ => return Ok(None),
    };
    let source = lines.iter().map(|line| format!("{line}\n")).collect();
    Ok(Some(Block { line: start as u32, fail, source }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_snow_blocks_count() {
        let page = "text\n```sh\nls\n```\n```snow\nfn main() do\n  println(1)  # prints: 1\n  println(2)  # prints: 2\nend\n```\n\
                    ```snow fail E0301\nfn f() = 1 + \"\"\n```\n";
        let blocks = blocks(page).expect("well formed");
        assert_eq!(blocks.len(), 2);
        assert_eq!((blocks[0].line, blocks[0].prints()), (6, Some("1\n2\n".to_owned())));
        assert_eq!(blocks[1].fail.as_deref(), Some("E0301"));
        assert_eq!(blocks[1].prints(), None);
    }

    #[test]
    fn odd_blocks_are_errors() {
        assert!(blocks("```snow\nfn f() = 1\n").is_err());
        assert!(blocks("```snow run\n```\n").is_err());
    }
}
