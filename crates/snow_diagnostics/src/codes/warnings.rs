//! Codes W00xx: warnings.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "W0001",
        title: "an unused variable",
        text: "\
The variable is bound but never read. Remove it, or start its name with `_` to say that it's meant.

```snow fail W0001
fn area(width :: Int, height :: Int) -> Int = width * width        # `height` is unused
```",
    },
    Explanation {
        code: "W0002",
        title: "an unused import",
        text: "\
Nothing in the module uses what the line imports.

```snow fail W0002
# geometry.snow
pub fn area(r :: Int) -> Int = 3 * r * r

# main.snow
import Geometry        # remove it
fn main() do println(1) end
```",
    },
    Explanation {
        code: "W0003",
        title: "a name in a pattern that looks like a constant",
        text: "\
A name in a pattern is bound to whatever stands there; it isn't compared with the constant of that name. To compare, use a guard.

```snow fail W0003
let limit = 10
fn at_limit(n :: Int) -> Bool do
  case n do
    limit -> true        # matches everything; write `n when n == limit`
  end
end
```",
    },
    Explanation {
        code: "W0004",
        title: "an unused function",
        text: "\
The function is private to its module, and nothing in the module uses it, itself aside.

```snow fail W0004
fn helper(n) = n + 1        # remove it

fn main() do println(1) end
```",
    },
    Explanation {
        code: "W0010",
        title: "an arm or clause is never reached",
        text: "\
The arms or clauses before it take all its cases. Remove it, or move it forward if it should go first.

```snow fail W0010
fn name(n :: Int) -> String do
  case n do
    _ -> \"many\"
    0 -> \"none\"            # never reached
  end
end
fn main() do println(name(0)) end
```",
    },
    Explanation {
        code: "W0011",
        title: "a `Result` is thrown away",
        text: "\
A `Result` that nobody looks at may hide an error. Use `?` or `case`, or write `let _ = …` if that is meant.

```snow fail W0011
fn parse(text :: String) -> Result<Int, String> do
  if text == \"1\" do Ok(1) else Err(\"no number\") end
end
fn main() do
  parse(\"2\")        # the error is lost
end
```",
    },
    Explanation {
        code: "W0012",
        title: "code that is never reached",
        text: "\
What stands before this code doesn't go on: it returns, leaves a loop, crashes, or ends the process.

```snow fail W0012
fn answer() -> Int do
  return 42
  7                # never reached
end
fn main() do println(\"${answer()}\") end
```",
    },
    Explanation {
        code: "W0013",
        title: "a `let` hides what the condition of a loop asks",
        text: "\
Names don't change: a `let` in the body binds a new name, which ends with the round. The condition goes on asking the old one.

```snow fail W0013
fn main() do
  let i = 0
  while i < 3 do
    println(i)
    let i = i + 1        # a new `i`: the loop never ends
  end
end
```

Count with `for i in 0..3 do … end`. What changes otherwise is a parameter of a function that calls itself:

```snow
fn main() do
  fn go(i :: Int) do
    if i < 3 do
      println(i)
      go(i + 1)
    end
  end
  go(0)
end
```",
    },
    Explanation {
        code: "W0014",
        title: "`#{…}` in a string",
        text: "\
Values stand in `${…}`; `#{…}` is text like any other.

```snow fail W0014
fn main() do
  let name = \"Ada\"
  println(\"Hello, #{name}\")        # prints `Hello, #{name}`
end
```",
    },
    Explanation {
        code: "W0015",
        title: "an arm that looks like a signal",
        text: "\
Only the names of signals (`:down`, `:exit`, `:nodedown`, `:nodeup`, `:timer`) make an arm of `receive` take a signal; with any
other atom it takes a message, a tuple. Here the atom is one slip away from such a name.

```snow fail W0015
actor watch(pid :: Pid) do
  let _ref = Process.monitor(pid)
  receive do
    (:donw, _ref, _pid, _reason) -> println(\"over\")     # `:down` is meant
  end
end

fn main() do
  spawn(watch, self().id())
end
```",
    },
];
