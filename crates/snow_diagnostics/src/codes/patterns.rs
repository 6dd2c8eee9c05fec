//! Codes E04xx: patterns and matches.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0401",
        title: "a case is missing",
        text: "\
`case`, the clauses of a function and the clauses of a closure must take every value. The message shows one that none
of them takes.

```snow fail E0401
type Color do
  Red
  Green
  Blue
end
fn name(c :: Color) -> String do
  case c do
    Red -> \"red\"
    Green -> \"green\"
  end
end
fn main() do println(name(Blue)) end
```",
    },
    Explanation {
        code: "E0403",
        title: "a pattern has the wrong number of parts",
        text: "\
A constructor pattern names all parts, or leaves the others out with `..` at its end.

```snow fail E0403
type Shape do Rect(Float, Float) end
fn width(s :: Shape) -> Float do
  case s do Rect(w) -> w end
end
fn main() do println(\"${width(Rect(1.0, 2.0))}\") end
```",
    },
    Explanation {
        code: "E0404",
        title: "a match needs too many tests",
        text: "\
The patterns of this match overlap in so many ways that their tests can't be put into an order of bearable size. Match
one part first, the others in nested `case`s. An arm with a guard that takes any value is tried again for each value that
the arms around it tell apart; hundreds of such arms between hundreds of literals are too many. Put them behind the literals.

```snow fail E0404
fn f(p) do
  case p do
    (1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2,
     1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2) -> true
    _ -> false
  end
end
fn main() do println(f((1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2))) end
```",
    },
    Explanation {
        code: "E0405",
        title: "a clause takes everything before others",
        text: "\
Clauses are tried in order; behind one that takes everything no other is ever tried. Put it last.

```snow fail E0405
fn name(_n) = \"many\"
fn name(0) = \"none\"
fn main() do println(name(0)) end
```",
    },
];
