//! Mistakes: one error each, at the right place, and the rest of the file is read.

use expect_test::expect;

use super::{check_brief, check_errors};

#[test]
fn unclosed_do() {
    check_brief(
        r##"fn main() do
  if 1 < 2 do
    println("smaller")
  println("done")
end

fn other() = 1
"##,
        expect![[r#"
            2:12 E0102 this `do` is not closed by an `end`
        "#]],
    );
}

#[test]
fn unclosed_do_before_another_function() {
    check_brief(
        r##"fn f() do
  case x do
    1 -> 2

fn g() do
  3
end

fn h() do
  4
end
"##,
        expect![[r#"
            2:10 E0102 this `do` is not closed by an `end`
        "#]],
    );
}

#[test]
fn unclosed_function_before_struct() {
    check_brief(
        r##"fn f() do
  1

struct S do
  x :: Int
end
"##,
        expect![[r#"
            1:8 E0102 this `do` is not closed by an `end`
        "#]],
    );
}

#[test]
fn unclosed_closure() {
    check_brief(
        r##"fn f() do
  map(xs, fn x -> x)
  g()
end
fn g() = 1
"##,
        expect![[r#"
            2:11 E0102 this `fn` is not closed by an `end`
        "#]],
    );
}

#[test]
fn unclosed_last() {
    check_brief(
        r##"fn f() do
  1
"##,
        expect![[r#"
            1:8 E0102 this `do` is not closed by an `end`
        "#]],
    );
}

#[test]
fn end_too_many() {
    check_brief(
        r##"fn f() do
  if a do
    1
  end
  end
  g()
end
fn g() = 1
"##,
        expect![[r#"
            5:3 E0104 this `end` closes nothing
        "#]],
    );
}

#[test]
fn end_after_expression_body() {
    check_brief(
        r##"fn f() = 1
end
fn g() = 2 end
fn h() = 3
"##,
        expect![[r#"
            2:1 E0104 this `end` closes nothing
            3:12 E0104 this `end` closes nothing
        "#]],
    );
}

#[test]
fn unclosed_paren() {
    check_brief(
        r##"fn f() do
  println((1 + 2)
  g(1)
end
fn g(x) = x
"##,
        expect![[r#"
            2:10 E0103 this `(` is not closed
        "#]],
    );
}

#[test]
fn unclosed_paren_at_end() {
    check_brief(
        r##"fn f() do
  println(1
end
"##,
        expect![[r#"
            2:10 E0103 this `(` is not closed
        "#]],
    );
}

#[test]
fn unclosed_list() {
    check_brief(
        r##"fn f() do
  let x = [1, 2
  let y = 3
end
"##,
        expect![[r#"
            2:11 E0103 this `[` is not closed
        "#]],
    );
}

#[test]
fn wrong_closer() {
    check_brief(
        r##"fn f() do
  g(1]
  h(2)
end
"##,
        expect![[r#"
            2:4 E0103 this `(` is not closed
        "#]],
    );
}

#[test]
fn stray_closer() {
    check_brief(
        r##"fn f() do
  g(1))
  h(2)
end
"##,
        expect![[r#"
            2:7 E0104 this `)` closes nothing
        "#]],
    );
}

#[test]
fn missing_comma() {
    check_brief(
        r##"fn f() do
  g(a b, c)
  [
    1,
    2
    3
  ]
end
"##,
        expect![[r#"
            2:7 E0101 expected `,` between these
            6:5 E0101 expected `,` between these
        "#]],
    );
}

#[test]
fn unclosed_string() {
    check_brief(
        r##"fn f() do
  println("abc)
  g("${x)
  h("a ${b "c)
end
"##,
        expect![[r#"
            2:11 E0107 this string is not closed
            3:6 E0103 this `${` is not closed
            4:12 E0107 this string is not closed
        "#]],
    );
}

#[test]
fn unclosed_block_string() {
    check_brief(
        r##"fn f() do
  """
  abc
end
"##,
        expect![[r#"
            2:3 E0107 this string is not closed
        "#]],
    );
}

#[test]
fn unclosed_comment() {
    check_brief(
        r##"fn f() do
  1 #= x
end
"##,
        expect![[r#"
            2:5 E0111 this block comment is not closed
        "#]],
    );
}

#[test]
fn int_range() {
    check_brief(
        r##"let a = 9223372036854775807
let b = 9223372036854775808
let c = -9223372036854775808
let d = -9223372036854775809
let e = 0x8000000000000000
let f = - 9223372036854775808
"##,
        expect![[r#"
            2:9 E0105 this integer is too large for 64 bits
            4:9 E0105 this integer is too large for 64 bits
            5:9 E0105 this integer is too large for 64 bits
            6:11 E0105 this integer is too large for 64 bits
        "#]],
    );
}

#[test]
fn chains() {
    check_brief(
        r##"fn f() = 1 < n < 10
fn g() = (a == b) == c
fn h() = a < b and b < c
fn i() = a == b == c == d
"##,
        expect![[r#"
            1:16 E0110 comparisons can't be chained: join two of them with `and`
            4:17 E0110 comparisons can't be chained: join two of them with `and`
        "#]],
    );
}

#[test]
fn braces() {
    check_brief(
        r##"fn f() do
  {e}
  {}
  {a, b}
  let {x} = 1
end
"##,
        expect![[r#"
            2:3 E0112 braces around one value: for grouping write `(…)`
            3:3 E0112 `{}` is nothing: the empty map is `%{}`, the unit value `()`
            5:7 E0112 braces around one value: for grouping write `(…)`
        "#]],
    );
}

#[test]
fn foreign_words() {
    check_brief(
        r##"def main() do
  1
end
class Foo do
  x
end
fn f() do
  if x { 1 }
  if x then
    2
  end
  x += 1
  x = 2
  case x do
    1 => 2
    2 -> 3
  end
end
fn g() {
  1
}
fn h() = 1
"##,
        expect![[r#"
            1:1 E0113 the word here is `fn`, not `def`
            4:1 E0113 the word here is `struct`, not `class`
            8:8 E0113 blocks are written `do … end`, not with braces
            9:8 E0113 a block is opened by `do`, not by `then`
            12:5 E0113 `+=` can't change a variable
            13:5 E0113 `=` can't change a variable
            15:7 E0113 arms are written with `->`, not `=>`
            19:8 E0113 blocks are written `do … end`, not with braces
        "#]],
    );
}

#[test]
fn elif() {
    check_brief(
        r##"fn f() do
  if a do
    1
  elif b do
    2
  end
end
"##,
        expect![[r#"
            4:3 E0113 the words here are `else if`, not `elif`
        "#]],
    );
}

#[test]
fn reserved_words() {
    check_brief(
        r##"fn f(match, x) do
  let end = 1
  let in = 2
end
let for = 3
"##,
        expect![[r#"
            1:6 E0114 `match` is a reserved word and can't be a name
            2:7 E0114 `end` is a reserved word and can't be a name
            3:7 E0114 `in` is a reserved word and can't be a name
            5:5 E0114 `for` is a reserved word and can't be a name
        "#]],
    );
}

#[test]
fn statements_at_the_top() {
    check_brief(
        r##"println("hello")
let x = 1
if x do
  1
end
fn f() = 1
"##,
        expect![[r#"
            1:1 E0101 expected an item, found `println`
            3:1 E0101 expected an item, found the word `if`
        "#]],
    );
}

#[test]
fn definitions() {
    check_brief(
        r##"struct point do
  x: Int
  y :: 
end
fn Main() = 1
fn f = 1
fn g() -> = 1
type T do
  a
  | B
end
fn h() = 2
"##,
        expect![[r#"
            1:8 E0101 the struct's name starts with a capital letter
            2:4 E0101 the type of a field stands after `::`
            3:7 E0101 expected a type, found the end of the line
            5:4 E0101 names of functions start with a small letter
            6:6 E0101 expected `(` and the parameters, found `=`
            7:11 E0101 expected a type, found `=`
            9:3 E0101 a variant's name starts with a capital letter
            10:3 E0101 variants stand on lines of their own, without `|`
        "#]],
    );
}

#[test]
fn statements() {
    check_brief(
        r##"fn f() do
  let = 5
  let x 5
  1 2
  a.
  g(,)
  x |> 5
  * 3
  x :: Int = 3
  ok()
end
"##,
        expect![[r#"
            2:7 E0101 expected a pattern, found `=`
            3:9 E0101 expected `=`, found `5`
            4:5 E0101 expected a new line, found `2`
            6:5 E0101 expected an expression, found `,`
            7:8 E0116 this can't stand after `|>`
            8:3 E0113 an expression goes on where its line ends in the operator: no line begins with `*`
            9:5 E0101 an annotation can't stand here: write `let name :: Type = …`
        "#]],
    );
}

#[test]
fn unknown_characters() {
    check_brief(
        r##"fn f() do
  1 ~ 2
  a & b
  g()
end
"##,
        expect![[r#"
            2:5 E0109 `~` means nothing here
            3:5 E0109 `&` means nothing here
        "#]],
    );
}

#[test]
fn escapes() {
    check_brief(
        r##"fn f() = "a\q" <> "\u{}" + 1 1
"##,
        expect![[r#"
            1:12 E0108 there is no escape `\q`
            1:20 E0108 `\u{}` is no character: write `\u{1F600}`
            1:30 E0101 expected a new line, found `1`
        "#]],
    );
}

#[test]
fn block_strings() {
    check_brief(
        r##"let a = """x
"""
let b = """
  x"""
let c = """
 x
  y
  """
"##,
        expect![[r#"
            1:9 E0115 the text after `"""` starts on the next line
            4:4 E0115 the closing `"""` stands on a line of its own
            6:1 E0115 this line is indented less than the closing `"""`
        "#]],
    );
}

#[test]
fn patterns() {
    check_brief(
        r##"fn f() do
  case x do
    "a${b}" -> 1
    foo(x) -> 2
    1 + 2 -> 3
    4
    5 -> 6
  end
end
"##,
        expect![[r#"
            3:5 E0101 a string in a pattern can't have `${…}`
            4:12 E0101 what stands before this `->` is no pattern
            5:11 E0101 what stands before this `->` is no pattern
        "#]],
    );
}

#[test]
fn interpolations() {
    check_brief(
        r##"fn f() do
  "${}"
  "${a b}"
  "${1 +}"
  g()
end
"##,
        expect![[r#"
            2:6 E0101 an expression is missing between `${` and `}`
            3:8 E0101 expected `}`, found `b`
            4:9 E0101 expected an expression, found `}`
        "#]],
    );
}

#[test]
fn services() {
    check_brief(
        r##"service S do
  call get() :: Int do |n| n end
  cast A() do 1 end
  foo
  info x do |n| n end
end
supervisor T do
  strategy one
  child w do
    start: 1
  end
end
fn f() = 1
"##,
        expect![[r#"
            2:8 E0101 the message's name starts with a capital letter
            3:15 E0101 expected `|state|` after the `do`, found `1`
            4:3 E0101 expected `fn`, `call`, `cast` or `info`, found `foo`
            8:12 E0101 expected `:` and the value, found `one`
        "#]],
    );
}

#[test]
fn imports() {
    check_brief(
        r##"import foo
from A import *
from B import a b
fn f() = 1
"##,
        expect![[r#"
            1:8 E0101 expected the module's name, found `foo`
            2:15 E0101 names are imported one by one; there is no `*`
            3:17 E0101 expected a new line, found `b`
        "#]],
    );
}

#[test]
fn nested_unclosed_module() {
    check_brief(
        r##"module M do
  fn f() do
    1

  fn g() do
    2
  end
end
fn h() = 1
"##,
        expect![[r#"
            2:10 E0102 this `do` is not closed by an `end`
        "#]],
    );
}

#[test]
fn annotations_and_comparisons_of_other_languages() {
    check_brief(
        r##"fn f(x: Int) : Int do
  let y: Int = 2
  if x = 1 do
    'a' <> 'b
  end
end
pub impl A for B do end
let z: Int = 1
"##,
        expect![[r#"
            1:7 E0101 the type of a parameter stands after `::`
            2:8 E0101 the type of a variable stands after `::`
            3:8 E0113 `=` doesn't compare: the operator is `==`
            4:5 E0113 strings are written with double quotes
            7:5 E0101 `pub` can't stand here: impls are seen everywhere, imports nowhere else
            8:6 E0101 the type of a constant stands after `::`
        "#]],
    );
}

#[test]
fn errors_show_openers() {
    check_errors(
        "fn main() do\n  if 1 < 2 do\n    f(\n  g()\nend\n",
        expect![[r#"
        error[E0103]: this `(` is not closed
         --> main.snow:3:6
          |
        3 |     f(
          |      ^
        4 |   g()
        5 | end
          | --- expected `)` before this"#]],
    );
    check_errors(
        "fn f() = 1 < n < 10\n",
        expect![[r#"
        error[E0110]: comparisons can't be chained: join two of them with `and`
         --> main.snow:1:16
          |
        1 | fn f() = 1 < n < 10
          |                ^
          |
          = help: the second comparison is `n < …`
        help: compare twice
          |
        1 | fn f() = 1 < n and n < 10
          |                +++++"#]],
    );
    check_errors(
        "fn f() = {e}\n",
        expect![[r#"
        error[E0112]: braces around one value: for grouping write `(…)`
         --> main.snow:1:10
          |
        1 | fn f() = {e}
          |          ^^^
          |
        help: write parentheses
          |
        1 - fn f() = {e}
        1 + fn f() = (e)
          |"#]],
    );
}
