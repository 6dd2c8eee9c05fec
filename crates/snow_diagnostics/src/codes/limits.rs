//! Codes E09xx: limits, and what isn't supported yet.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0901",
        title: "not supported yet",
        text: "\
The program is right, but it uses a part of the language that this version of the compiler can't \
translate yet. The message names the part.",
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
        title: "no `main`",
        text: "\
A program starts with the function `main` of its entry file, and this file has none:

```snow fail E0911
fn greet() do
  println(\"hello\")
end
```

Add `fn main() do … end`, or name another file on the command line.",
    },
    Explanation {
        code: "E0999",
        title: "internal error",
        text: "\
The compiler found itself in a state that must not occur. This is a mistake in the compiler, not in \
the program. Please report it with the program that shows it.",
    },
];
