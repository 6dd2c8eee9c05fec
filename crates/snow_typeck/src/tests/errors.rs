//! One mistake, one error.

use expect_test::expect;

use super::check_errors;

#[test]
fn types_that_do_not_fit() {
    check_errors(
        r#"
struct Point do
  x :: Int
  y :: Int = 0
end
fn a() = 1 + 1.0
fn b(n :: Int) -> String = n
fn c(s :: String) -> Int do
  if s == "" do 1 else "two" end
end
fn d() = [1, "two"]
fn e() = Point { x: "1" }
fn f(p :: Point) = p.z
fn g(p :: Point) = %{p | y: 1.5}
fn h() = Some(1)?
fn i(x) = x.name
fn j() = (1, 2).2
fn k() = 5(1)
fn l(xs :: List<Int>) = xs.lenght()
fn m() -> List<Int> = List.map(["a"], fn s -> s <> "" end)
fn n() do
  let x :: Float = 1
  x
end
fn o() = "a" + "b"
fn p() = List.map([1], fn a, b -> a end)
fn q(t :: String, greeting :: String = "a") = t <> greeting
fn r() = q("a", greting: "b")
fn s() = q()
fn t() = "${[]}"
"#,
        &expect![[r#"
            E0301 6:14 type mismatch: expected `Int`, found `Float`
            E0301 7:28 type mismatch: expected `String`, found `Int`
            E0301 9:24 type mismatch: expected `Int`, found `String`
            E0301 11:14 type mismatch: expected `Int`, found `String`
            E0301 12:21 type mismatch: expected `Int`, found `String`
            E0307 13:22 `Point` has no field `z`
            E0301 14:29 type mismatch: expected `Int`, found `Float`
            E0301 15:10 type mismatch: expected `Option<a>`, found `Int`
            E0305 16:11 the type of this must be known to read its field `name`
            E0307 17:10 `(Int, Int)` has no part `.2`
            E0306 18:10 this is no function, but a value of type `Int`
            E0308 19:28 no method `lenght` on type `List<Int>`
            E0301 20:23 type mismatch: expected `List<Int>`, found `List<String>`
            E0301 22:20 type mismatch: expected `Float`, found `Int`
            E0501 25:10 `+` doesn't work on `String`: it has no `Add`
            E0302 26:24 this function takes 2 parameters, but a function of 1 is expected
            E0311 28:17 `q` has no parameter `greting`
            E0302 29:10 `q` takes 1 to 2 arguments, but 0 are given
            E0511 30:13 nothing tells what `a` is in `List<a>`, of which `Display` is needed
        "#]],
    );
}

#[test]
fn matches() {
    check_errors(
        r#"
type Shape do
  Circle(Float)
  Rect(width :: Float, height :: Float)
end
fn a(Circle(r)) = r
fn b(_n) = 1
fn b(0) = 2
fn c(s :: Shape) do
  case s do
    Circle(_) -> 1
    Rect(_, _) -> 2
    Circle(_) -> 3
  end
end
fn d(s :: Shape) -> Float do
  case s do
    Rect(width: w, ..) -> w
    Circle(r, _) -> r
  end
end
fn e(s :: Shape) -> Float do
  case s do
    Rect(depth: w, ..) -> w
    _ -> 0.0
  end
end
fn f(n :: Int) do
  case n do
    "one" -> 1
    _ -> 2
  end
end
fn g() = List.map([Some(1)], fn Some(x) -> x end)
"#,
        &expect![[r#"
            E0401 6:4 this function has a missing case: `Rect(_, _)`
            E0405 7:5 this clause takes everything, so the clauses behind it are never tried
            W0010 13:5 this arm is never reached: those before it take all its cases
            E0403 19:5 `Circle` has 1 part, but the pattern has 2
            E0307 24:10 `Rect` has no part `depth`
            E0301 30:5 type mismatch: expected `Int`, found `String`
            E0401 34:30 this closure has a missing case: `None`
        "#]],
    );
}

#[test]
fn constants() {
    check_errors(
        r#"
let a :: Int = b + 1
let b :: Int = f()
fn f() -> Int = a
let c = d * 2
let d = 21
"#,
        &expect![[r#"
            E0314 2:5 the constant `a` depends on itself: a -> b -> f -> a
        "#]],
    );
}
