//! Codes E05xx: interfaces and deriving.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0550",
        title: "an interface that can't be derived",
        text: "\
`Eq`, `Ord`, `Hash`, `Display`, `Debug` and `Default` have derived forms. Any other interface needs an impl.

```snow
interface Shape do fn area(self) -> Float end
struct Square do side :: Float end deriving(Shape)        # write `impl Shape for Square`
```",
    },
    Explanation {
        code: "E0551",
        title: "`Ord` is derived without `Eq`",
        text: "\
What has an order can also be compared for equality, and both must fit together.

```snow
struct Version do major :: Int end deriving(Ord)        # write `deriving(Eq, Ord)`
```",
    },
    Explanation {
        code: "E0552",
        title: "an interface is derived and implemented",
        text: "\
A type implements an interface once: either the `deriving` clause lists it, or an impl is written.

```snow
struct Point do x :: Int end deriving(Display)
impl Display for Point do        # remove one of both
  fn to_string(self) -> String do \"point\" end
end
```",
    },
    Explanation {
        code: "E0553",
        title: "`Default` can't be derived for this type",
        text: "\
The default of a sum type is its first variant, which must have no parts.

```snow
type Level do
  Custom(Int)
  Off
end deriving(Default)        # put `Off` first
```",
    },
];
