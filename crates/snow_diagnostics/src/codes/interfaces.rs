//! Codes E05xx: interfaces and deriving.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0501",
        title: "a type lacks an interface",
        text: "\
Something is done with a value that its type doesn't offer: the interface named in the message is neither derived nor
implemented for it, or a type parameter lacks it in its `where` clause. Functions have no interfaces.

```snow fail E0501
fn main() do
  let f = fn x -> x + 1 end
  println(\"the function is ${f}\")
end
```",
    },
    Explanation {
        code: "E0502",
        title: "a method is ambiguous",
        text: "\
Two interfaces that the type implements have a method of this name. Name the interface: `Bird.lift(x)`.

```snow fail E0502
interface Bird do fn lift(self) -> Int end
interface Plane do fn lift(self) -> Int end
struct Thing do n :: Int end
impl Bird for Thing do fn lift(self) -> Int do self.n end end
impl Plane for Thing do fn lift(self) -> Int do self.n * 2 end end
fn main() do println(\"${Thing { n: 1 }.lift()}\") end
```",
    },
    Explanation {
        code: "E0503",
        title: "two impls for one type",
        text: "\
An interface can be implemented once for each type; two impls that could apply to the same type leave open which one
is meant.

```snow fail E0503
interface Loud do fn loud(self) -> String end
impl Loud for Int do fn loud(self) -> String do \"a\" end end
impl Loud for Int do fn loud(self) -> String do \"b\" end end
fn main() do println(1.loud()) end
```",
    },
    Explanation {
        code: "E0504",
        title: "an impl lacks a method",
        text: "\
An impl defines all methods of its interface that have no default.

```snow fail E0504
interface Loud do fn loud(self) -> String end
impl Loud for Int do end
fn main() do println(\"\") end
```",
    },
    Explanation {
        code: "E0505",
        title: "an impl has a method too many",
        text: "\
An impl defines methods of its interface only. Other functions stand beside it, in the module.

```snow fail E0505
interface Loud do fn loud(self) -> String end
impl Loud for Int do
  fn loud(self) -> String do \"!\" end
  fn quiet(self) -> String do \"\" end
end
fn main() do println(1.loud()) end
```",
    },
    Explanation {
        code: "E0506",
        title: "a method differs from its interface",
        text: "\
A method of an impl has the parameters and the result that the interface declares; annotations may be left out.

```snow fail E0506
interface Loud do fn loud(self) -> String end
impl Loud for Int do fn loud(self) -> Int do self end end
fn main() do println(\"\") end
```",
    },
    Explanation {
        code: "E0507",
        title: "an interface can't be derived",
        text: "\
A derived interface works part by part, so each part's type must implement it.

```snow fail E0507
struct Task do
  name :: String
  run :: Fun(Int) -> Int
end deriving(Eq)
fn main() do println(\"\") end
```",
    },
    Explanation {
        code: "E0508",
        title: "a method of an interface needs types",
        text: "\
The methods of an interface are written with the types of their parameters: impls and callers rely on them.

```snow fail E0508
interface Scale do fn scale(self, by) -> Int end
fn main() do println(\"\") end
```",
    },
    Explanation {
        code: "E0509",
        title: "a type parameter of an impl is never used",
        text: "\
Each type parameter of an impl appears in the type or in the interface's arguments; nothing else could tell what it
stands for.

```snow fail E0509
interface Show do
  fn show(self) -> String
end

type Always<T> = Int        # an Int, whatever `T` is

impl Show for Always<T> do
  fn show(self) = \"always\"
end
```",
    },
    Explanation {
        code: "E0510",
        title: "types grow without end, or are nested too deeply",
        text: "\
Finding an impl leads to ever larger types: to implement the interface for a type, it would have to be implemented for a
larger one first. Types that are nested more than 80 levels deep, such as an Option of an Option of an Option …, are refused
where an interface is needed of them, since each level needs it.

```snow fail E0510
struct Nest<T> do
  value :: T
  inner :: Option<Nest<[T]>>        # to show a Nest<Int>, a Nest<[Int]> must be shown, a Nest<[[Int]]>, …
end
fn main() do println(Nest { value: 1, inner: None }) end
```",
    },
    Explanation {
        code: "E0511",
        title: "nothing tells a type",
        text: "\
The value's type isn't used in a way that tells what it is, but an interface is needed of it. Add an annotation.

```snow fail E0511
fn main() do println(\"${[]}\") end
```",
    },
    Explanation {
        code: "E0550",
        title: "an interface that can't be derived",
        text: "\
`Eq`, `Ord`, `Hash`, `Display`, `Debug` and `Default` have derived forms. Any other interface needs an impl.

```snow fail E0550
interface Shape do fn area(self) -> Float end
struct Square do side :: Float end deriving(Shape)        # write `impl Shape for Square`
```",
    },
    Explanation {
        code: "E0551",
        title: "`Ord` is derived without `Eq`",
        text: "\
What has an order can also be compared for equality, and both must fit together.

```snow fail E0551
struct Version do major :: Int end deriving(Ord)        # write `deriving(Eq, Ord)`
```",
    },
    Explanation {
        code: "E0552",
        title: "an interface is derived and implemented",
        text: "\
A type implements an interface once: either the `deriving` clause lists it, or an impl is written.

```snow fail E0552
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

```snow fail E0553
type Level do
  Custom(Int)
  Off
end deriving(Default)        # put `Off` first
```",
    },
];
