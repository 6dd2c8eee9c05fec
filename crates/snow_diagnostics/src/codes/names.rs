//! Codes E02xx: names, modules, the shape of items and bodies.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0201",
        title: "a name is defined twice",
        text: "\
Types (with interfaces, services and supervisors), and values (functions, actors, constants) have one \
meaning a name in a module. Fields of a struct, variants of a type and type parameters have different names too.

```snow fail E0201
struct Point do x :: Int end
struct Point do r :: Int end        # `Point` is taken
```",
    },
    Explanation {
        code: "E0202",
        title: "clauses of a function stand apart",
        text: "\
The clauses of one function stand next to each other.

```snow fail E0202
type Shape do
  Circle(Int)
  Dot
end
fn area(Circle(r)) = 3 * r * r
fn unit() = 1
fn area(Dot) = 0        # move it behind the first clause
```",
    },
    Explanation {
        code: "E0203",
        title: "clauses take different numbers of parameters",
        text: "\
All clauses of a function take the same number of parameters: a name means one function.

```snow fail E0203
fn add(a, b) = a + b
fn add(a) = a        # give it another name, or `b` a default
```",
    },
    Explanation {
        code: "E0204",
        title: "unknown name",
        text: "\
No variable, function, actor or constant of that name can be seen here.

```snow fail E0204
fn main() do
  println(mesage)        # there is no `mesage`
end
```",
    },
    Explanation {
        code: "E0205",
        title: "unknown type or interface",
        text: "\
No type, interface or type parameter of that name can be seen here. Type parameters are declared: `fn first<T>(xs :: List<T>) -> T`.

```snow fail E0205
fn double(n :: Integer) -> Int = n * 2        # the type is called `Int`
```",
    },
    Explanation {
        code: "E0206",
        title: "unknown constructor",
        text: "\
No variant of that name can be seen here. The variants of a type of another module come with the type: `from Shapes import Shape`, or \
are written `Shapes.Shape.Circle`.

```snow fail E0206
let c = Circel(1.0)        # the variant is called `Circle`
```",
    },
    Explanation {
        code: "E0207",
        title: "unknown module",
        text: "\
There is neither a file of the project nor a module of the standard library for that name. `import Math.Vector` asks for \
`math/vector.snow` under the project's root.

```snow fail E0207
import Math.Vectr        # math/vectr.snow does not exist
```",
    },
    Explanation {
        code: "E0208",
        title: "a module has no such name",
        text: "\
The module defines nothing of that name.

```snow fail E0208
fn main() do
  println(String.length_of(\"abc\"))        # it is called `String.length`
end
```",
    },
    Explanation {
        code: "E0209",
        title: "a private name",
        text: "\
What isn't marked `pub` can be used only in its own module.

```snow fail E0209
# geometry.snow
fn area(r) = 3 * r * r        # write `pub fn area`

# main.snow
import Geometry
fn main() do println(Geometry.area(2)) end
```",
    },
    Explanation {
        code: "E0210",
        title: "a module is not imported",
        text: "\
Modules of the project are imported before they are used; only those of the standard library need no import.

```snow fail E0210
# geometry.snow
pub fn area(r) = 3 * r * r

# main.snow
fn main() do println(Geometry.area(2)) end        # add `import Geometry`
```",
    },
    Explanation {
        code: "E0211",
        title: "modules import each other",
        text: "\
Imports must not go round in a circle. Move what both need into a module of its own.

```snow fail E0211
# a.snow
import B
pub fn one() = B.two() - 1

# b.snow
import A        # A -> B -> A
pub fn two() = A.one() + 1

# main.snow
import A
fn main() do println(A.one()) end
```",
    },
    Explanation {
        code: "E0212",
        title: "a recursive alias",
        text: "\
An alias is another spelling of a type, so it can't contain itself. Use a struct or a sum type.

```snow fail E0212
type Tree = (Int, List<Tree>)        # write `struct Tree do value :: Int, children :: List<Tree> end`
```",
    },
    Explanation {
        code: "E0213",
        title: "this name can't be redefined",
        text: "\
`self`, `send`, `spawn`, `spawn_link`, `link` and `unlink` mean the same everywhere.

```snow fail E0213
fn send(x) = x        # choose another name
```",
    },
    Explanation {
        code: "E0214",
        title: "an attribute outside the standard library",
        text: "\
`@runtime`, `@intrinsic`, `@builtin` and `@lang` bind the standard library to the compiler; programs can't use them.

```snow fail E0214
@intrinsic(\"int_add\")
fn add(a :: Int, b :: Int) -> Int        # write a body instead
```",
    },
    Explanation {
        code: "E0216",
        title: "a name of another kind",
        text: "\
The name is known, but it means something that can't stand here: an interface where a type is needed, a module or \
struct where a value is needed, and so on.

```snow fail E0216
struct Point do x :: Int end
fn main() do
  let p = Point(1)        # write `Point { x: 1 }`
end
```",
    },
    Explanation {
        code: "E0217",
        title: "`break` or `continue` outside a loop, `return` outside a function",
        text: "\
`break` and `continue` belong to the innermost `for` or `while` of the same function or closure, `return` to the function or closure.

```snow fail E0217
fn first(xs) do
  if List.is_empty(xs) do
    break        # write `return …`
  end
end
```",
    },
    Explanation {
        code: "E0218",
        title: "a name stands twice in a pattern",
        text: "\
A pattern binds each name once. To ask whether two parts are equal, use a guard.

```snow fail E0218
fn compare(pair :: (Int, Int)) -> String do
  case pair do
    (x, x) -> \"equal\"        # write `(x, y) when x == y`
    _ -> \"different\"
  end
end
```",
    },
    Explanation {
        code: "E0219",
        title: "alternatives bind different names",
        text: "\
Both sides of `|` in a pattern bind the same names: the code behind it can't know which side matched.

```snow fail E0219
type Term do
  Add(Int, Int)
  Negate(Int)
end
fn first(e :: Term) -> Int do
  case e do
    Add(a, b) | Negate(a) -> a        # the right side has no `b`; write `Add(a, _) | Negate(a)`
  end
end
```",
    },
    Explanation {
        code: "E0220",
        title: "a malformed pattern",
        text: "\
The message says what can't stand in this pattern: a second `..`, an interpolated string, an empty range.

```snow fail E0220
fn has_one(xs :: List<Int>) -> Bool do
  case xs do
    [.., 1, ..] -> true        # one `..` only
    _ -> false
  end
end
```",
    },
    Explanation {
        code: "E0221",
        title: "a hole `_` that fits nowhere",
        text: "\
A hole stands for an argument of a call: `sub(_, 10)` is `fn x -> sub(x, 10) end`. A piped call has one hole at most.

```snow fail E0221
let f = _ + 1        # write `fn x -> x + 1 end`
```",
    },
    Explanation {
        code: "E0222",
        title: "a malformed update",
        text: "\
`%{p | x: 3}` updates fields of a struct, `%{m | key => value}` entries of a map; one update does one of both.

```snow fail E0222
struct Point do
  x :: Int
end
fn moved(p :: Point) -> Point = %{p | x: 3, \"y\" => 4}
```",
    },
    Explanation {
        code: "E0223",
        title: "something is written at the wrong clause or parameter",
        text: "\
Defaults stand in the first clause of a function; annotations on several clauses agree; `self` is the first parameter of a method.

```snow fail E0223
fn f(0, b = 1) = b
fn f(a, b = 2) = a + b        # the default stands in the first clause
```",
    },
    Explanation {
        code: "E0224",
        title: "a prelude function is called in a wrong way",
        text: "\
`self()`, `send(pid, message)`, `spawn(actor, arguments…)`, `spawn(fn -> … end)` and `dbg(value)` take exactly these arguments; only those of the actor can have names.

```snow fail E0224
fn main() do
  send(self())        # the message is missing
end
```",
    },
    Explanation {
        code: "E0290",
        title: "the program has no `main`",
        text: "\
A program starts at the function `main` of the file that is compiled, or of `main.snow` at the root of a project:

    fn main() do
      println(\"hello\")
    end

`snow check` also takes files without it.

```snow fail E0290
fn greet() do
  println(\"hello\")
end
```",
    },
];
