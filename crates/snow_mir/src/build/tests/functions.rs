//! Functions, matches, loops, closures.

use expect_test::expect;

use super::{check, check_error};

#[test]
fn a_path_without_calls_has_no_poll() {
    check(
        "fn fib(n :: Int) -> Int do\n  if n < 2 do n else fib(n - 1) + fib(n - 2) end\nend\n\
         fn main() do println(fib(20)) end\n",
        &["fib"],
        expect![[r#"
            fn fib(_0: Int (n)) -> Int {
              let _1: Bool
              let _2: Int
              let _3: Int
              let _4: Int
              let _5: Int
              let _6: Int
            bb0:
              _1 = int_lt(_0, 2)
              switch _1 { 0: bb1 1: bb2 }
            bb1:
              poll
              _3 = int_sub(_0, 1)
              _2 = call fib(_3)
              _5 = int_sub(_0, 2)
              _4 = call fib(_5)
              _6 = int_add(_2, _4)
              return _6
            bb2:
              return _0
            }
        "#]],
    );
}

#[test]
fn self_calls_in_tail_position_are_loops() {
    check(
        "fn sum(n :: Int, acc :: Int) -> Int do\n  if n == 0 do acc else sum(n - 1, acc + n) end\nend\n\
         fn main() do println(sum(20, 0)) end\n",
        &["sum"],
        expect![[r#"
            fn sum(_0: Int (n), _1: Int (acc)) -> Int {
              let _2: Bool
              let _3: Int
              let _4: Int
            bb0:
              goto bb1
            bb1:
              _2 = int_eq(_0, 0)
              switch _2 { 0: bb2 1: bb3 }
            bb2:
              _3 = int_sub(_0, 1)
              _4 = int_add(_1, _0)
              _0 = _3
              _1 = _4
              poll
              goto bb1
            bb3:
              return _1
            }
        "#]],
    );
}

#[test]
fn lists_are_taken_apart_and_counted_through() {
    check(
        "fn len<T>(xs :: List<T>) -> Int do\n  case xs do\n    [] -> 0\n    [_, ..t] -> 1 + len(t)\n  end\nend\n\
         fn squares(xs :: List<Int>) -> List<Int> = for x in xs do x * x end\n\
         fn main() do println(len(squares([1, 2]))) end\n",
        &["len", "squares"],
        expect![[r#"
            fn squares(_0: List<Int> (xs)) -> List<Int> {
              let _1: List<Int>
              let _2: Int
              let _3: Int
              let _4: Bool
              let _5: Int (x)
              let _6: Int
            bb0:
              _2 = list_len(_0)
              _1 = list_new(_2)
              _3 = 0
              goto bb1
            bb1:
              _4 = int_lt(_3, _2)
              switch _4 { 0: bb2 1: bb3 }
            bb2:
              return _1
            bb3:
              _5 = list_get_unchecked(_0, _3)
              _6 = int_mul(_5, _5)
              _1 = list_push(_1, _6)
              _3 = int_wrapping_add(_3, 1)
              poll
              goto bb1
            }
            fn len(_0: List<Int> (xs)) -> Int {
              let _1: Int
              let _2: Int
              let _3: List<Int> (t)
              let _4: Int
              let _5: Int
            bb0:
              _1 = list_len(_0)
              switch _1 { 0: bb1 else: bb2 }
            bb1:
              return 0
            bb2:
              poll
              _2 = list_len(_0)
              _3 = list_view(_0, 1, _2)
              _4 = call len(_3)
              _5 = int_add(1, _4)
              return _5
            }
        "#]],
    );
}

#[test]
fn shared_arms_are_built_once() {
    check(
        "type T do A(Int), B(Int), C end\n\
         fn f(t :: T) -> Int do\n  case t do\n    A(n) | B(n) -> n\n    C -> 0\n  end\nend\n\
         fn main() do println(f(A(1))) end\n",
        &["f"],
        expect![[r#"
            fn f(_0: T (t)) -> Int {
              let _1: Int
              let _2: Int (n)
              let _3: Int (n)
              let _4: Int (n)
            bb0:
              _1 = variant _0
              switch _1 { 0: bb1 1: bb3 2: bb4 }
            bb1:
              _2 = _0.0.0
              _3 = _2
              goto bb2
            bb2:
              return _3
            bb3:
              _4 = _0.1.0
              _3 = _4
              goto bb2
            bb4:
              return 0
            }
        "#]],
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
        expect![[r#"
            fn scale(_0: List<Int> (xs), _1: Int (k)) -> Int {
              let _2: List<Int> (ys)
              let _3: Fun(Int) -> Int
              let _4: Int
              let _5: Int
              let _6: Int
            bb0:
              poll
              _3 = closure scale.fn(_1)
              _2 = call List.map(_0, _3)
              _4 = call scale.go(_0, _1, 0)
              _5 = list_len(_2)
              _6 = int_add(_4, _5)
              return _6
            }
            closure scale.fn(_0: Fun(Int) -> Int, _1: Int (x)) -> Int captures (Int) {
              let _2: Int (k)
              let _3: Int
            bb0:
              _2 = capture _0.0
              _3 = int_mul(_1, _2)
              return _3
            }
            fn scale.go(_0: List<Int> (xs), _1: Int (k), _2: Int (i)) -> Int {
              let _3: Bool
              let _4: Int
              let _5: Int
              let _6: Int
              let _7: Int
            bb0:
              _4 = list_len(_0)
              _3 = int_eq(_2, _4)
              switch _3 { 0: bb1 1: bb2 }
            bb1:
              poll
              _6 = int_add(_2, 1)
              _5 = call scale.go(_0, _1, _6)
              _7 = int_add(_1, _5)
              return _7
            bb2:
              return 0
            }
        "#]],
    );
}

#[test]
fn updates_read_what_stays_first() {
    check(
        "struct P do x :: Int, y :: String end\n\
         fn f(p :: P) -> P = %{p | x: p.x + 1}\n\
         fn main() do println(f(P { x: 1, y: \"a\" })) end\n",
        &["f"],
        expect![[r#"
            fn f(_0: P (p)) -> P {
              let _1: String
              let _2: Int
              let _3: Int
              let _4: P
            bb0:
              _1 = _0.0.1
              _3 = _0.0.0
              _2 = int_add(_3, 1)
              _4 = make P(_2, _1)
              return _4
            }
        "#]],
    );
}

#[test]
fn endless_instantiation_is_an_error() {
    check_error(
        "fn nest<T>(n :: Int, x :: T) -> Int do\n  if n == 0 do 0 else nest(n - 1, [x]) end\nend\n\
         fn main() do println(nest(3, 1)) end\n",
        expect![[r#"
            E0910 `nest` would be compiled without end ["the type grows at each step: `List<List<List<List<…>>>>`", "by way of main -> nest"]
        "#]],
    );
}

#[test]
fn wholes_are_taken_apart_when_only_their_parts_are_needed() {
    check(
        "struct S do log :: List<Int>, n :: Int end\n\
         fn note(s :: S, x :: Int) -> S = S { log: List.append(s.log, x), n: s.n + 1 }\n\
         fn main() do println(note(S { log: [], n: 0 }, 1).n) end\n",
        &["note"],
        expect![[r#"
            fn note(_0: S (s), _1: Int (x)) -> S {
              let _2: List<Int>
              let _3: List<Int>
              let _4: Int
              let _5: Int
              let _6: S
            bb0:
              _3 = _0.0.0
              _5 = _0.0.1
              _2 = list_push(_3, _1)
              _4 = int_add(_5, 1)
              _6 = make S(_2, _4)
              return _6
            }
        "#]],
    );
}

#[test]
fn guards_look_and_arms_move() {
    check(
        "type T do Leaf, Node(T, Int, T) end\n\
         fn put(t :: T, x :: Int) -> T do\n  case t do\n    Leaf -> Node(Leaf, x, Leaf)\n    \
         Node(l, y, r) when x < y -> Node(put(l, x), y, r)\n    Node(l, y, r) -> Node(l, y, put(r, x))\n  end\nend\n\
         fn main() do put(Leaf, 1) end\n",
        &["put"],
        expect![[r#"
            fn put(_0: T (t), _1: Int (x)) -> T {
              let _2: Int
              let _3: T
              let _4: T
              let _5: T
              let _6: Int (y)
              let _7: Bool
              let _8: T (l)
              let _9: Int (y)
              let _10: T (r)
              let _11: T
              let _12: T
              let _13: T (l)
              let _14: Int (y)
              let _15: T (r)
              let _16: T
              let _17: T
            bb0:
              _2 = variant _0
              switch _2 { 0: bb1 1: bb2 }
            bb1:
              _3 = make Leaf()
              _4 = make Leaf()
              _5 = make Node(_3, _1, _4)
              return _5
            bb2:
              poll
              _6 = _0.1.1
              _7 = int_lt(_1, _6)
              switch _7 { 0: bb3 1: bb4 }
            bb3:
              _8 = _0.1.0
              _9 = _0.1.1
              _10 = _0.1.2
              _11 = call put(_10, _1)
              _12 = make Node(_8, _9, _11)
              return _12
            bb4:
              _13 = _0.1.0
              _14 = _0.1.1
              _15 = _0.1.2
              _16 = call put(_13, _1)
              _17 = make Node(_16, _14, _15)
              return _17
            }
        "#]],
    );
}
