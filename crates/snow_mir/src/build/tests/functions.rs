//! Functions, matches, loops, closures.

use expect_test::expect;

use super::{check, check_error};

#[test]
fn a_path_without_calls_has_no_poll() {
    check(
        "fn fib(n :: Int) -> Int do\n  if n < 2 do n else fib(n - 1) + fib(n - 2) end\nend\n\
         fn main() do println(fib(20)) end\n",
        &["fib"],
        expect![[r#""#]],
    );
}

#[test]
fn self_calls_in_tail_position_are_loops() {
    check(
        "fn sum(n :: Int, acc :: Int) -> Int do\n  if n == 0 do acc else sum(n - 1, acc + n) end\nend\n\
         fn main() do println(sum(20, 0)) end\n",
        &["sum"],
        expect![[r#""#]],
    );
}

#[test]
fn lists_are_taken_apart_and_counted_through() {
    check(
        "fn len<T>(xs :: List<T>) -> Int do\n  case xs do\n    [] -> 0\n    [_, ..t] -> 1 + len(t)\n  end\nend\n\
         fn squares(xs :: List<Int>) -> List<Int> = for x in xs do x * x end\n\
         fn main() do println(len(squares([1, 2]))) end\n",
        &["len", "squares"],
        expect![[r#""#]],
    );
}

#[test]
fn shared_arms_are_built_once() {
    check(
        "type T do A(Int) B(Int) C end\n\
         fn f(t :: T) -> Int do\n  case t do\n    A(n) | B(n) -> n\n    C -> 0\n  end\nend\n\
         fn main() do println(f(A(1))) end\n",
        &["f"],
        expect![[r#""#]],
    );
}

#[test]
fn closures_capture_and_local_functions_take_parameters() {
    check(
        "fn scale(xs :: List<Int>, k :: Int) -> Int do\n  fn go(i :: Int) -> Int do\n    \
         if i == List.length(xs) do 0 else k + go(i + 1) end\n  end\n  \
         let ys = List.map(xs, fn x -> x * k end)\n  go(0) + List.length(ys)\nend\n\
         fn main() do println(scale([1, 2], 3)) end\n",
        &["scale", "scale.go", "scale.fn"],
        expect![[r#""#]],
    );
}

#[test]
fn updates_read_what_stays_first() {
    check(
        "struct P do x :: Int, y :: String end\n\
         fn f(p :: P) -> P = %{p | x: p.x + 1}\n\
         fn main() do println(f(P { x: 1, y: \"a\" })) end\n",
        &["f"],
        expect![[r#""#]],
    );
}

#[test]
fn endless_instantiation_is_an_error() {
    check_error(
        "fn nest<T>(n :: Int, x :: T) -> Int do\n  if n == 0 do 0 else nest(n - 1, [x]) end\nend\n\
         fn main() do println(nest(3, 1)) end\n",
        expect![[r#""#]],
    );
}
