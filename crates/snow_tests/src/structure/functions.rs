//! The functions of a file: how long they are and how many parameters they have.

use super::tokens::Token;

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) name: String,
    /// From the line of `fn` to the line of the closing brace, both counted.
    pub(super) lines: usize,
    /// Without `self`.
    pub(super) params: usize,
}

/// Finds them; nested ones count too, also for the one around.
pub(super) fn functions(tokens: &[Token<'_>]) -> Vec<Function> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        // `fn` without a name is a type.
        if token.text == "fn" && tokens.get(index + 1).is_some_and(|next| is_name(next.text)) {
            found.extend(read_function(&tokens[index..]));
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_alphabetic())
}

fn read_function(tokens: &[Token<'_>]) -> Option<Function> {
    let open = parameters_start(tokens)?;
    let close = open + matching(&tokens[open..])?;
    let body = close + 1 + body_start(&tokens[close + 1..])?;
    if tokens[body].text == ";" {
        return None;
    }
    let end = body + matching(&tokens[body..])?;
    Some(Function {
        name: tokens[1].text.to_owned(),
        lines: tokens[end].line - tokens[0].line + 1,
        params: count_params(&tokens[open + 1..close]),
    })
}

/// The `(` behind the name and its generics, in which `Fn(…)` may stand.
fn parameters_start(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "<" => depth += 1,
            ">" if tokens[index - 1].text != "-" => depth -= 1,
            "(" if depth == 0 => return Some(index),
            _ => {}
        }
    }
    None
}

/// The `{` or `;` behind the result type, in which `[u8; 2]` may stand.
fn body_start(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_i32;
    tokens.iter().position(|token| {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        depth == 0 && matches!(token.text, "{" | ";")
    })
}

/// The bracket that closes the one at the start.
fn matching(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_i32;
    tokens.iter().position(|token| {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn count_params(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_i32;
    let mut params = 0;
    let mut start = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" | "<" => depth += 1,
            ">" if tokens[index.saturating_sub(1)].text == "-" => {}
            ")" | "]" | "}" | ">" => depth -= 1,
            "," if depth == 0 => {
                params += usize::from(is_param(&tokens[start..index]));
                start = index + 1;
            }
            _ => {}
        }
    }
    params + usize::from(is_param(&tokens[start..]))
}

fn is_param(tokens: &[Token<'_>]) -> bool {
    let first = tokens.iter().find(|token| !matches!(token.text, "&" | "mut"));
    first.is_some_and(|token| token.text != "self")
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn check(source: &str, expected: &[(&str, usize, usize)]) {
        let found = functions(&tokens(source));
        let found: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.lines, f.params)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_and_parameters() {
        check(
            "fn a<F: Fn(u8) -> u8>(&mut self, f: F, (x, y): (u8, u8),\n) -> [u8; 2] {\n  fn b() {}\n}\n",
            &[("a", 4, 2), ("b", 1, 0)],
        );
        check("trait T { fn a(&self); fn b(m: Map<u8, fn(u8, u8) -> u8>, n: u8) {} }", &[("b", 1, 2)]);
    }
}
