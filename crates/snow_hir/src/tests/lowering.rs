//! What items and bodies become.

use expect_test::expect;

use super::check;

#[test]
fn clauses_patterns_and_guards() {
    check(
        "type Shape do Circle(Int)\nRect(width :: Int, height :: Int)\nDot end deriving()\n\
         fn area(Circle(r)) = r * r\nfn area(Rect(width: w, ..)) when w > 0 = w\nfn area(_) = 0\n",
        expect![[r#"
            module Main
            type Shape Circle(Int) Rect(width :: Int, height :: Int) Dot()
            fn area(_)
              Shape.Circle(r#1) -> (r#1 Mul r#1)
              Shape.Rect(width: w#2, ..) when (w#2 Gt 0) -> w#2
              _ -> 0
        "#]],
    );
}

#[test]
fn pipes_holes_and_trailing_blocks() {
    check(
        "fn f(a, b) = a\nfn g(xs) do\n  xs |> List.map(fn x -> x end) |> f(1, _) |> .size() |> g\nend\n\
         fn h() do\n  let k = f(g(1), _)\n  List.map([1], k) do |x| x end\nend\n",
        expect![[r#"
            W0001 main.snow:1:9 unused variable `b` [if this is intended, write `_b`]
            module Main
            fn f(a, b)
              a#2, b#3 -> a#2
            fn g(xs)
              xs#1 -> Main.g(Main.f(1, List.map(xs#1, fn<Fn>
                  x#3 -> x#3 end)).size())
            fn h()
            do
                let k#3 = do
                  let _#0 = Main.g(1)
                  => fn<Hole>
                    _#2 -> Main.f(_#0, _#2) end end
                => List.map([1], k#3, fn<TrailingBlock>
                  x#5 -> x#5 end) end
        "#]],
    );
}

#[test]
fn control_and_statements() {
    check(
        "fn f(n) do\n  let (a, _b) = n\n  if a do 1 else if n do 2 else 3 end\n  while a do break end\n\
         for x in n when x do continue end\n  fn go(0) = 1\n  fn go(m) = go(m - 1)\n  case n do\n    Some(1 | 2) -> go(1)\n    1..5 -> 2\n    [h, ..t] -> t\n    h :: [] -> h\n    \"a\" <> r -> r\n    other as _whole -> other\n  end\nend\n",
        expect![[r#"
            W0001 main.snow:11:6 unused variable `h` [if this is intended, write `_h`]
            module Main
            fn f(n)
              n#1 -> do
                  let (a#2, _b#3) = n#1
                  if a#2 do 1 else if n#1 do 2 else 3 end end
                  while a#2 do break end
                  for x#4 in n#1 when x#4 do continue end
                  let rec go#5 = fn<LocalFn>
                    0 -> 1
                    m#7 -> go#5((m#7 Sub 1)) end
                  => case n#1 do
                    Option.Some(1 | 2) -> go#5(1)
                    1..=4 -> 2
                    [h#8, ..t#9] -> t#9
                    [h#10] -> h#10
                    "a" <> r#11 -> r#11
                    other#12 as _whole#13 -> other#12 end end
        "#]],
    );
}

#[test]
fn generics_are_numbered_through() {
    check(
        "interface Conv<A> do fn conv<B>(self, a :: A, b :: B) -> Self where B: Eq end\n\
         struct Box<T> do item :: T end deriving()\n\
         impl Conv<A> for Box<T> where T: Eq do fn conv<B>(self, a :: A, b :: B) -> Self do self end end\n\
         fn pick<T>(x :: [T], y :: T?, z :: Int!String) -> T where T: Eq + Ord = x[0]\n",
        expect![[r#"
            W0001 main.snow:3:57 unused variable `a` [if this is intended, write `_a`]
            W0001 main.snow:3:65 unused variable `b` [if this is intended, write `_b`]
            W0001 main.snow:4:22 unused variable `y` [if this is intended, write `_y`]
            W0001 main.snow:4:31 unused variable `z` [if this is intended, write `_z`]
            module Main
            struct Box<T=0> Box(item :: $0)
            interface Conv<A=1>
            impl<A=0, T=1> Conv<$0> for Box<$1> where $1: Eq
            fn conv<B=2>(self, a :: $1, b :: $2) -> $0 where $2: Eq
            fn pick<T=0>(x :: List<$0>, y :: Option<$0>, z :: Result<Int, String>) -> $0 where $0: Eq, $0: Ord
              x#3, y#4, z#5 -> x#3[0]
            fn conv<B=2>(self, a :: $0, b :: $2) -> Self
              self#3, a#4, b#5 -> self#3
        "#]],
    );
}

#[test]
fn structs_maps_strings_and_members() {
    check(
        "struct P do x :: Int, y :: Int = 1 end deriving()\nlet limit = 3\n\
         fn f(x, y) do\n  let p = P { x, y }\n  let q = %{p | x: limit}\n  let m = %{a: 1, \"b\" => 2}\n\
         let n = %{m | \"a\" => 3}\n  let P { x: a, .. } = q\n  \"${a} is ${n}\" <> Eq.eq(a, 1) ++ Int.default() ++ -q.x\nend\n\
         fn g(a, b = 2) = g(a: 1)\nactor loop(n) do\n  receive do m -> loop(n + m) after 10 -> () end\nend\n\
         fn main() do\n  let p = spawn(loop, 1)\n  send(p, self())\n  spawn() do println(1) end\n  dbg(1 +\n 2)\nend\n",
        expect![[r#"
            W0004 main.snow:3:4 unused function `f` [remove it, or write `pub` in front of it if other modules need it]
            W0004 main.snow:11:4 unused function `g` [remove it, or write `pub` in front of it if other modules need it]
            W0001 main.snow:11:6 unused variable `a` [if this is intended, write `_a`]
            W0001 main.snow:11:9 unused variable `b` [if this is intended, write `_b`]
            module Main
            struct P P(x :: Int, y :: Int)
            let limit = 3
            fn f(x, y)
              x#2, y#3 -> do
                  let p#4 = P { x: x#2, y: y#3 }
                  let q#5 = %{p#4 | x: Main.limit}
                  let m#6 = %{"a" => 1, "b" => 2}
                  let n#7 = %{m#6 | "a" => 3}
                  let P { x: a#8 } = q#5
                  => ((("${a#8} is ${n#7}" Concat <Eq.eq>(a#8, 1)) Concat <Int.default>()) Concat (-q#5.x)) end
            fn g(a, b =   a#1 -> 2)
              a#2, b#3 -> Main.g(a: 1)
            actor loop(n)
              n#1 -> receive do
                  m#2 -> Main.loop((n#1 Add m#2)) after 10 -> () end
            fn main()
            do
                let p#0 = spawn(Main.loop; 1)
                send(p#0, self())
                spawn(fn<TrailingBlock>
                   -> Prelude.println(1) end; )
                => Prelude.dbg_at("main.snow:19: 1 + 2", (1 Add 2)) end
        "#]],
    );
}
