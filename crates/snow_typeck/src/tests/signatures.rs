//! Signatures that are inferred.

use expect_test::expect;

use super::check_signatures;

#[test]
fn functions_are_generalised() {
    check_signatures(
        r#"
fn id(x) = x
fn show(x) = "${x}"
fn both(f, g) = fn x -> g(f(x)) end
fn apply_n(_f, 0, x) = x
fn apply_n(f, n, x) = apply_n(f, n - 1, f(x))
fn biggest(xs) do
  List.reduce(xs, None) do |acc, x|
    case acc do
      None -> Some(x)
      Some(y) -> if x > y do Some(x) else Some(y) end
    end
  end
end
fn pair<T>(x :: T, y) = (x, y)
fn fails(message) = panic(message)
fn uses() = (id(1), id("a"), show(1.5), pair(1, 'a'))
"#
        .replace("'a'", ":a")
        .as_str(),
        &expect![[r#"
            id(a) -> a
            show(a) -> String where a: Display
            both(Fun(a) -> b, Fun(b) -> c) -> Fun(a) -> c
            apply_n(Fun(a) -> a, Int, a) -> a
            biggest(List<a>) -> Option<a> where a: Ord
            pair(T, a) -> (T, a)
            fails(String) -> a
            uses() -> (Int, String, String, (Int, Atom))
        "#]],
    );
}

#[test]
fn mutual_recursion_is_one_group() {
    check_signatures(
        r#"
fn even(0) = true
fn even(n) = odd(n - 1)
fn odd(0) = false
fn odd(n) = even(n - 1)
fn walk(x, n) = if n == 0 do [x] else back(x, n - 1) end
fn back(x, n) = walk(x, n)
fn uses() = (walk("a", 3), walk(1, 3))
fn depth<T>(x :: T, n :: Int) -> Int = if n == 0 do 0 else depth((x, x), n - 1) end
fn shows(x, n) = if n == 0 do "${x}" else show_back(x, n) end
fn show_back(x, n) = shows(x, n - 1)
"#,
        &expect![[r#"
            even(Int) -> Bool
            odd(Int) -> Bool
            walk(a, Int) -> List<a>
            back(a, Int) -> List<a>
            uses() -> (List<String>, List<Int>)
            depth(T, Int) -> Int
            shows(a, Int) -> String where a: Display
            show_back(a, Int) -> String where a: Display
        "#]],
    );
}

#[test]
fn local_functions_are_generalised() {
    check_signatures(
        r#"
fn main() do
  let same = fn x -> x end
  let show = fn x -> "<${x}>" end
  fn twice(f, x) do f(f(x)) end
  fn count(n) do if n == 0 do 0 else 1 + count(n - 1) end end
  println("${same(5)} ${same("five")} ${show(1)} ${show(true)} ${twice(fn n -> n + 1 end, 1)} ${count(3)}")
  println(twice(show, "a"))
end
"#,
        &expect![[r#"
            main() -> ()
        "#]],
    );
}

#[test]
fn expected_types_flow_inwards() {
    check_signatures(
        r#"
struct Op do
  name :: String
  run :: Fun(Int, Int) -> Int
end
type A do
  One
  Two
end
type B do
  One
  Three
end
fn names(ops :: List<Op>) = List.map(ops, fn op -> op.name end)
fn call(op :: Op) = op.run(1, 2)
fn make() -> List<Op> = [Op { name: "plus", run: fn a, b -> a + b end }]
fn one() -> B = One
fn some_one() -> Option<A> = Some(One)
fn chars(s :: String) = for c in s do c <> "!" end
fn keys(m) do
  for {k, _v} in Map.to_list(m) do k end
end
fn index(m :: Map<String, Int>, xs :: List<Float>) = (m["a"], xs[0], xs[1..2])
fn try_it(s) -> Option<Int> do
  let n = Int.parse(s)?
  Some(n + 1)
end
"#,
        &expect![[r#"
            names(List<Op>) -> List<String>
            call(Op) -> Int
            make() -> List<Op>
            one() -> B
            some_one() -> Option<A>
            chars(String) -> List<String>
            keys(Map<a, b>) -> List<a>
            index(Map<String, Int>, List<Float>) -> (Int, Float, List<Float>)
            try_it(String) -> Option<Int>
        "#]],
    );
}

#[test]
fn conditions_keep_their_element_types() {
    check_signatures(
        r#"
fn total(xs) = Iter.count(Iter.from(xs))
fn sorted(xs) = List.sort(xs)
fn keyed(k, v) = %{k => v}
fn grow(n) = n * n + n
fn main() do
  let size = fn xs -> Iter.count(Iter.from(xs)) end
  println("${total([1])} ${total("abc")} ${size([true])} ${size(1..3)}")
end
"#,
        &expect![[r#"
            total(a) -> Int where a: Iterable<b>
            sorted(List<a>) -> List<a> where a: Ord
            keyed(a, b) -> Map<a, b> where a: Eq, a: Hash
            grow(a) -> a where a: Mul, a: Add
            main() -> ()
        "#]],
    );
}

#[test]
fn branches_that_leave() {
    check_signatures(
        r#"
fn a(n) do
  if n > 1 do return "big" end
  let s = case n do
    0 -> panic("zero")
    _ -> "small"
  end
  s
end
fn b(xs) do
  let found = for x in 0..10 do
    if x > 5 do break else x end
  end
  List.length(found) + xs
end
fn c(n :: Int) -> () do
  case n do
    0 -> 1
    1 -> "one"
    _ -> Some(2)
  end
end
fn d(s) = Some(Int.parse(s)? + 1)
"#,
        &expect![[r#"
            a(Int) -> String
            b(Int) -> Int
            c(Int) -> ()
            d(String) -> Option<Int>
        "#]],
    );
}
