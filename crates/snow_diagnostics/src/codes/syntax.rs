//! Codes E01xx: tokens and grammar.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0101",
        title: "something else was expected here",
        text: "\
The code doesn't follow the grammar at this place. The message says what could stand here and what \
stands there instead.

```snow fail E0101
fn main() do
  let = 5        # a name is missing after `let`
end
```",
    },
    Explanation {
        code: "E0102",
        title: "a block is not closed",
        text: "\
Each `do` and each closure `fn` needs its own `end`. The message points at the opener whose `end` is \
missing, as far as the indentation tells.

```snow fail E0102
fn main() do
  if 1 < 2 do
    println(\"smaller\")
  println(\"done\")         # the `if` needs an `end` before this line
end
```",
    },
    Explanation {
        code: "E0103",
        title: "a bracket is not closed",
        text: "\
Each `(`, `[`, `{` and `%{` needs its closing bracket.

```snow fail E0103
fn main() do
  println((1 + 2)        # one `)` is missing
end
```",
    },
    Explanation {
        code: "E0104",
        title: "nothing to close",
        text: "\
An `end` or a closing bracket stands where nothing is open.

```snow fail E0104
fn one() = 1
end              # `=` bodies have no `end`
```",
    },
    Explanation {
        code: "E0105",
        title: "an integer is too large",
        text: "\
Integers have 64 bits: from -9223372036854775808 to 9223372036854775807.

```snow fail E0105
let n = 9223372036854775808        # one too large
```",
    },
    Explanation {
        code: "E0106",
        title: "a number is not well formed",
        text: "\
Numbers are written `42`, `1_000`, `0xff`, `0o17`, `0b1010`, `3.14`, `1e9`, `2.5e-3`.

```snow fail E0106
let n = 0b102        # 2 is no binary digit
```",
    },
    Explanation {
        code: "E0107",
        title: "a string is not closed",
        text: "\
A `\"` string ends on the line on which it starts; for text of several lines use `\"\"\"`.

```snow fail E0107
let s = \"hello        # the closing quote is missing
```",
    },
    Explanation {
        code: "E0108",
        title: "unknown escape in a string",
        text: "\
The escapes are `\\n \\t \\r \\0 \\\\ \\\" \\$` and `\\u{1F600}`.

```snow fail E0108
let path = \"C:\\Users\"        # write \"C:\\\\Users\"
```",
    },
    Explanation {
        code: "E0109",
        title: "unknown character",
        text: "\
The character has no meaning in Snow outside strings and comments.

```snow fail E0109
let a = 1 ~ 2        # there is no operator `~`
```",
    },
    Explanation {
        code: "E0110",
        title: "comparisons can't be chained",
        text: "\
A comparison gives a Bool, so that `a < b < c` would compare a Bool with c. Write both comparisons, \
joined by `and`.

```snow fail E0110
fn inside(n :: Int) -> Bool = 1 < n < 10        # write `1 < n and n < 10`
```",
    },
    Explanation {
        code: "E0111",
        title: "a block comment is not closed",
        text: "\
Each `#=` needs its own `=#`; block comments nest.

```snow fail E0111
#= a comment #= inside =# that goes on to the end of the file
```",
    },
    Explanation {
        code: "E0112",
        title: "braces around one value or none",
        text: "\
`{a, b}` is a tuple. For grouping write `(e)`; the empty map is `%{}`.

```snow fail E0112
let empty = {}        # write `%{}`
```",
    },
    Explanation {
        code: "E0113",
        title: "a word or operator of another language",
        text: "\
Snow spells this in another way; the message says how.

```snow fail E0113
def main() do        # write `fn main() do`
end
```",
    },
    Explanation {
        code: "E0114",
        title: "a reserved word can't be a name",
        text: "\
Reserved words can be names only after a `.` and before a `:`.

```snow fail E0114
let match = 1        # `match` is reserved
```",
    },
    Explanation {
        code: "E0115",
        title: "a `\"\"\"` string is not well formed",
        text: "\
The text starts on the line after the opening `\"\"\"`, and the closing `\"\"\"` stands on a line of its \
own. The indentation of the closer is removed from every line, so every line must have it.

```snow fail E0115
let s = \"\"\"text\"\"\"        # write \"text\"
```",
    },
    Explanation {
        code: "E0116",
        title: "this can't stand after `|>`",
        text: "\
The right side of `|>` is one call, a name, `.method(…)` or a closure.

```snow fail E0116
fn f(x) = x |> 5        # 5 is no function
```",
    },
    Explanation {
        code: "E0190",
        title: "nested too deeply",
        text: "\
Brackets, blocks and operators nest up to a fixed depth. Give the inner parts names with `let`, or make \
functions of them.

```snow fail E0190
let x = ((((1))))        # fine; some hundred levels are not
```",
    },
];
