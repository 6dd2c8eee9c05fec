//! Codes E09xx: limits, and what isn't supported yet.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0901",
        title: "not supported yet",
        text: "\
The program is right, but it uses a part of the language that this version of the compiler can't \
translate yet. The message names the part.

```snow fail E0901
struct Point do
  x :: Int
end deriving(Json)
```",
    },
    Explanation {
        code: "E0910",
        title: "infinitely growing instantiation",
        text: "\
A generic function is compiled once for each set of types it is used at. Here each instance needs \
another one at a larger type, so there would be no end:

```snow fail E0910
fn nest<T>(n :: Int, x :: T) -> Int do
  if n == 0 do 0 else nest(n - 1, [x]) end
end

fn main() do
  println(nest(3, 1))
end
```

Call the function with the types of the function around it, or put the nesting into a recursive \
type of its own.",
    },
    Explanation {
        code: "E0911",
        title: "too many variants or fields",
        text: "\
A type may have 256 variants, and a struct or variant 2,000 fields. Divide it: a variant can hold a value of \
another type with variants of its own. What has a number anyway is better an `Int`, or an `Atom`.",
    },
    Explanation {
        code: "E0999",
        title: "internal error",
        text: "\
The compiler found itself in a state that must not occur. This is a mistake in the compiler, not in \
the program. Please report it with the program that shows it.",
    },
];
