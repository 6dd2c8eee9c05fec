//! What do words and signs of other languages mean in Snow? Helps for errors that are reported anyway.
//!
//! Nothing here decides whether something is a mistake.

use super::Parser;
use crate::SyntaxKind::*;

impl Parser<'_> {
    /// What Snow writes instead of what stands at the current token, where another language shows through.
    pub(super) fn foreign_help(&self) -> Option<&'static str> {
        if self.line_start() {
            return None;
        }
        let before = self.pos.checked_sub(1).map(|at| (self.input.kind(at), self.input.text(at)));
        let touches = self.pos > 0 && self.input.touches_previous(self.pos);
        match (before, self.current()) {
            (Some((QUESTION, _)), _) => Some("there is no `a ? b : c`: write `if a do b else c end`"),
            (Some((IDENT, "lambda")), _) | (_, PIPE) => Some("a closure is written `fn x -> … end`"),
            (Some((DOT, _)), L_PAREN) => Some("a function in a variable is called like any other: `f(x)`"),
            (Some((IDENT, "f")), STRING_START) if touches => {
                Some("a value in a string is written `\"${x}\"`")
            }
            (Some((IDENT, _)), BANG) if touches => Some("functions are called without `!`"),
            (_, BANG) => Some("a message is sent by `send(pid, message)`"),
            (Some((EQ2, _)), EQ) if touches => Some("values are compared by `==`"),
            (Some((TYPE_IDENT, _)), L_BRACK) => Some("type arguments stand between `<` and `>`: `List<Int>`"),
            (_, PERCENT) if self.nth(1) == TYPE_IDENT => {
                Some("a struct is written without the `%`: `Point { x: 1 }`")
            }
            (_, AT) => Some("a constant is a `let` at the top of the file: `let limit = 10`"),
            (Some((IDENT, word)), _) if self.fresh + 1 == self.pos => statement_word(word),
            _ => None,
        }
    }
}

/// What Snow writes instead of a statement that starts with this word.
fn statement_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "cond" => "several conditions are `if … do … else if … do … else … end`",
        "unless" => "there is no `unless`: write `if not …`",
        "try" => {
            "there is no `try`: what can fail gives a `Result`, for `case` or `?`; a crash ends its process"
        }
        "raise" | "throw" => "give back `Err(…)`, or crash with `panic(\"…\")`",
        "var" | "const" | "val" => "a name is bound by `let name = …`",
        "switch" => "the word is `case`",
        "loop" | "until" => "loops are `while … do`, `for … in … do`, or a function that calls itself",
        "foreach" => "the word is `for`",
        "def" | "func" | "function" => "the word is `fn`",
        "async" | "go" => "`spawn() do … end` starts a process",
        "await" => "`ask` waits for an answer, `receive` for a message",
        _ => return None,
    })
}
