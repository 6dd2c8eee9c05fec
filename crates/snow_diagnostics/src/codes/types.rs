//! Codes E03xx: types.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0301",
        title: "two types don't fit",
        text: "\
A value of one type stands where another one is expected. The message names both types, the labels show where the
expectation comes from. Nothing is converted silently.

```snow fail E0301
fn main() do
  let n :: Int = \"four\"
  println(\"${n}\")
end
```",
    },
    Explanation {
        code: "E0302",
        title: "wrong number of arguments",
        text: "\
A call gives more or fewer arguments than the function has parameters, or a closure has more or fewer parameters than
are expected of it. Only parameters with a default may be left out.

```snow fail E0302
fn add(a :: Int, b :: Int) -> Int = a + b
fn main() do println(\"${add(1)}\") end
```",
    },
    Explanation {
        code: "E0303",
        title: "infinite type",
        text: "\
A value would have to contain itself, or a function take itself as its argument. There is no such type.

```snow fail E0303
fn apply_self(f) = f(f)
fn main() do println(\"never\") end
```",
    },
    Explanation {
        code: "E0304",
        title: "wrong number of type arguments",
        text: "\
A type or an interface stands with more or fewer arguments between `<` and `>` than it has, or a type is left out where
it must be written: the parts of types and the signatures of interfaces aren't inferred.

```snow fail E0304
fn first(xs :: List<Int, Int>) -> Int = 1
fn main() do println(\"1\") end
```",
    },
    Explanation {
        code: "E0305",
        title: "the type must be known here",
        text: "\
What `x.f`, `x.m()`, `x[i]`, `x?` and `for … in x` mean depends on the type of `x`. Inference reads from left to
right; at this place nothing has told the type yet. An annotation helps.

```snow fail E0305
struct Point do x :: Int end
fn main() do
  let f = fn p -> p.x end       # write: fn (p :: Point) -> p.x end
  println(\"${f(Point { x: 1 })}\")
end
```",
    },
    Explanation {
        code: "E0306",
        title: "this is no function",
        text: "\
Something is called like a function, but is a value of another type.

```snow fail E0306
fn main() do
  let n = 5
  println(\"${n(1)}\")
end
```",
    },
    Explanation {
        code: "E0307",
        title: "no such field",
        text: "\
The struct, constructor or tuple has no field or part of this name. A method is called with parentheses.

```snow fail E0307
struct Box do width :: Int end
fn main() do println(\"${Box { width: 1 }.hight}\") end
```",
    },
    Explanation {
        code: "E0308",
        title: "no such method",
        text: "\
`x.m()` looks for a field that holds a function, then for a method of an interface that the type of `x` implements,
then for a function of the type's own module whose first parameter is of that type (from outside: a `pub` one).

```snow fail E0308
fn main() do println(\"${[1, 2].lenght()}\") end
```",
    },
    Explanation {
        code: "E0309",
        title: "a field is missing",
        text: "\
A struct literal gives all fields that have no default.

```snow fail E0309
struct Point do
  x :: Int
  y :: Int
end
fn main() do
  let p = Point { x: 1 }
  println(\"${p.x}\")
end
```",
    },
    Explanation {
        code: "E0310",
        title: "a field is given twice",
        text: "\
A literal, update or pattern names a field more than once.

```snow fail E0310
struct Point do
  x :: Int
  y :: Int = 0
end
fn main() do
  let p = Point { x: 1, x: 2 }
  println(\"${p.x}\")
end
```",
    },
    Explanation {
        code: "E0311",
        title: "a named argument doesn't fit",
        text: "\
Arguments may be given by the names of a known function's parameters, after those without names, each once.

```snow fail E0311
fn greet(name :: String, mark :: String = \"!\") -> String = name <> mark
fn main() do println(greet(\"Ada\", marc: \"?\")) end
```",
    },
    Explanation {
        code: "E0312",
        title: "`?` needs a function that can give the failure back",
        text: "\
`e?` leaves the innermost function with `Err` or `None` when `e` is one. So that function must give a `Result` or an
`Option`. In a closure it's the closure that is left.

```snow fail E0312
fn half(text :: String) -> Int do
  let n = Int.parse(text)?
  n / 2
end
fn main() do println(\"${half(\"8\")}\") end
```",
    },
    Explanation {
        code: "E0313",
        title: "`?` on something that can't fail",
        text: "\
`?` unwraps an `Option` or a `Result`; on other types it has no meaning.

```snow fail E0313
fn next(n :: Int) -> Option<Int> = Some(n? + 1)
fn main() do println(\"${next(1)}\") end
```",
    },
    Explanation {
        code: "E0314",
        title: "a constant depends on itself",
        text: "\
Constants are evaluated once, before `main`, each after those that it uses, also through functions.

```snow fail E0314
let a :: Int = b + 1
let b :: Int = a + 1
fn main() do println(\"${a}\") end
```",
    },
    Explanation {
        code: "E0315",
        title: "the constructor is ambiguous",
        text: "\
Several types of the module have a variant of this name, and nothing tells which is meant: write the type in front.

```snow fail E0315
type A do
  One
  Two
end
type B do
  One
  Three
end
fn main() do
  let x = One                   # A.One or B.One
  println(\"${x}\")
end
```",
    },
    Explanation {
        code: "E0316",
        title: "this can't be indexed",
        text: "\
`x[i]` takes an element of a List by position, a slice of a List by a range, or the value of a Map by its key.

```snow fail E0316
fn main() do println(\"${5[0]}\") end
```",
    },
    Explanation {
        code: "E0318",
        title: "`main` has the wrong type",
        text: "\
`main` takes no parameters, and gives `()` or a `Result` whose error is printed.

```snow fail E0318
fn main() -> Int do 5 end
```",
    },
    Explanation {
        code: "E0320",
        title: "only structs have fields to update or match by name",
        text: "\
`%{p | x: 3}` makes a copy of a struct with other fields; `Point { x: 3 }` is a struct pattern.

```snow fail E0320
fn main() do
  let n = 5
  println(\"${%{n | x: 1}}\")
end
```",
    },
    Explanation {
        code: "E0321",
        title: "the type is too large",
        text: "\
A type that mentions another one twice, which mentions another one twice, and so on, doubles with each step. Beyond ten \
thousand parts nothing could hold a value of it. Put what repeats into a struct or a list.

```snow fail E0321
fn two(x) = (x, x)
fn four(x) = two(two(x))
fn sixteen(x) = four(four(x))
fn very_many(x) = sixteen(sixteen(sixteen(sixteen(x))))
fn main() do
  let _ = very_many(1)
end
```",
    },
];
