//! Mistakes: one message each.

use expect_test::expect;

use super::check_messages;

#[test]
fn unknown_names_suggest_near_ones() {
    check_messages(
        "type Color do Red\nGreen end\nfn area(height :: Integer) = hieght\nfn f() = Gren\nfn g() = filter([1])\nfn h() = List.mapp(1)\nfn i() = Lisst.map(1)\nfn j(c) = Color.Blue\nfn k<T>(x) where U: Eq = x\nfn l(x :: Int) where Int: Eq = x",
        expect![[r#"
            E0205 main.snow:3:19 unknown type `Integer` [the type is `Int`]
            E0204 main.snow:3:30 unknown name `hieght` [did you mean `height`?]
            E0206 main.snow:4:10 unknown constructor `Gren` [did you mean `Green`?]
            E0204 main.snow:5:10 unknown name `filter` [did you mean `List.filter`?]
            E0208 main.snow:6:15 the module `List` has no `mapp` [did you mean `map`?]
            E0207 main.snow:7:10 unknown module `Lisst` [did you mean `List`?]
            E0206 main.snow:8:11 `Color` has no variant `Blue`
            E0205 main.snow:9:18 unknown type `U` [a type variable is declared behind the name: `fn name<U>(…)`]
            E0216 main.snow:10:22 `Int` is a type, not a type parameter [a condition says what must hold of a type parameter; what holds of a type says its `impl`]
        "#]],
    );
}

#[test]
fn names_of_another_kind() {
    check_messages(
        "struct P do x :: Int end\ntype S do A(Int) end\ninterface I do fn m(self) end\nfn a() = P(1)\nfn b() = A { x: 1 }\n\
         fn c(x :: I) = x\nfn d() = List\nfn e() = Int\nfn f() = I.n(1)\nimpl P for S do end\nfn g() = send\nfn h() = Int.parse(\"1\")",
        expect![[r#"
            E0216 main.snow:4:10 `P` is a struct, not a constructor [a struct is made with `P { field: value }`]
            E0216 main.snow:5:10 `A` is a constructor, not a struct [write `A(…)`]
            E0216 main.snow:6:11 `I` is an interface, not a type [write a type parameter: `fn f<T>(x :: T) where T: I`]
            E0216 main.snow:7:10 `List` is a type, not a value
            E0216 main.snow:8:10 `Int` is a type, not a value
            E0208 main.snow:9:12 the interface `I` has no method `n`
            E0216 main.snow:10:6 `P` is a type, not an interface
            E0224 main.snow:11:10 `send` can only be called [write a closure: `fn x -> … end`]
            E0208 main.snow:12:14 the type `Int` has no function `parse`
        "#]],
    );
}

#[test]
fn definitions_clash() {
    check_messages(
        "struct P do x :: Int, x :: Int end\nstruct P do r :: Int end\nfn f(0) = 1\nfn g() = 1\nfn f(n) = n\n\
         fn g(a) = a\nlet c = 1\nlet c = 2\ntype T<A, A> do V\nV end\nstruct V do end\nfn send(x) = x\nfn empty() -> Int\n@runtime(\"x\") fn r()\n",
        expect![[r#"
            E0201 main.snow:1:23 the field `x` is already defined
            E0201 main.snow:2:8 the type `P` is already defined
            E0202 main.snow:5:4 the clauses of `f` stand apart: the function is already defined [put all clauses of a function next to each other, or choose another name]
            E0203 main.snow:6:4 the clauses of `g` take different numbers of parameters [give one of them another name, or a parameter a default]
            E0201 main.snow:8:5 the value `c` is already defined
            E0201 main.snow:9:11 the type parameter `A` is already defined
            E0201 main.snow:10:1 the variant `V` is already defined
            E0201 main.snow:11:8 the constructor `V` is already defined
            E0213 main.snow:12:4 `send` can't be redefined [choose another name]
            E0101 main.snow:13:18 expected the function's body: `do … end` or `= expression`, found the end of the line
            E0214 main.snow:14:1 attributes can be used only in the standard library [remove it]
        "#]],
    );
}

#[test]
fn patterns() {
    check_messages(
        "let limit = 1\nfn f((x, x)) = x\nfn g(Some(a) | None) = 1\nfn h(Some(a) | Some(_)) = a\nfn i([.., 1, ..]) = 1\n\
         fn j(5..5) = 1\nfn k(self) = 1\nfn l(limit) = limit\nfn m(\"${1}\") = 1\nfn n((Some(a), _) | (_, Some(a))) = a",
        expect![[r#"
            E0218 main.snow:2:10 `x` stands twice in this pattern [give one of them another name and compare them in a guard: `when a == b`]
            E0219 main.snow:3:11 `a` is not bound in all alternatives of this pattern [both sides of `|` bind the same names; write `_` for a part that isn't needed]
            E0219 main.snow:4:11 `a` is not bound in all alternatives of this pattern [both sides of `|` bind the same names; write `_` for a part that isn't needed]
            E0220 main.snow:5:14 a list pattern has one `..` at most
            E0220 main.snow:6:6 this range is empty: it matches nothing
            E0213 main.snow:7:6 `self` can't be redefined [choose another name]
            W0003 main.snow:8:6 `limit` in this pattern is a new variable, not the constant [to compare, write `x when x == limit`; otherwise choose another name]
            E0101 main.snow:9:6 a string in a pattern can't have `${…}`
        "#]],
    );
}

#[test]
fn leaving_loops() {
    check_messages(
        "fn f(xs) do\n  if xs do\n    break\n  end\n  for _x in xs do\n    List.map(xs) do |_y| continue end\n    break\n  end\nend",
        expect![[r#"
            E0217 main.snow:3:5 `break` outside a loop [to leave the function, write `return`]
            E0217 main.snow:6:26 `continue` outside a loop
        "#]],
    );
}

#[test]
fn holes_updates_and_special_calls() {
    check_messages(
        "fn f(a) = _ + 1\nfn g(a) = a |> f(_, _)\nfn h(a) = %{a | x: 1, \"y\" => 2}\nfn i(a) = send(a)\nfn j(a) = spawn_link(i, a)\n\
         fn k(a) do\n  receive do (:down, r, p, why) -> p end\nend\n",
        expect![[r#"
            E0221 main.snow:1:11 a hole `_` can stand only as an argument of a call [write a closure: `fn x -> … end`]
            E0221 main.snow:2:11 a piped call has one hole `_` at most [write a closure: `|> fn x -> … end`]
            E0222 main.snow:3:11 an update gives either fields (`name: value`) or entries (`key => value`)
            E0224 main.snow:4:11 `send` takes other arguments [write `send(pid, message)`]
            W0001 main.snow:6:6 unused variable `a` [if this is intended, write `_a`]
            W0001 main.snow:7:22 unused variable `r` [if this is intended, write `_r`]
            W0001 main.snow:7:28 unused variable `why` [if this is intended, write `_why`]
        "#]],
    );
}

#[test]
fn recursive_aliases() {
    check_messages(
        "type A = (B, Int)\ntype B = (A, Int)\ntype C = List<C>\ntype D = A\nfn f(x :: A) = x",
        expect![[r#"
            E0212 main.snow:1:6 the alias `A` is recursive [use a struct or a sum type: those may contain themselves]
            E0212 main.snow:3:6 the alias `C` is recursive [use a struct or a sum type: those may contain themselves]
        "#]],
    );
}

#[test]
fn unused_variables() {
    check_messages(
        "fn f(a, _b, c) do\n  let d = 1\n  let e = c\n  case e do\n    Some(g) | Ok(g) -> 1\n    h -> h\n  end\nend",
        expect![[r#"
            W0001 main.snow:1:6 unused variable `a` [if this is intended, write `_a`]
            W0001 main.snow:2:7 unused variable `d` [if this is intended, write `_d`]
            W0001 main.snow:5:10 unused variable `g` [if this is intended, write `_` in all alternatives]
        "#]],
    );
}

#[test]
fn services_and_supervisors() {
    check_messages(
        "service Counter do\n  call Get() :: Int do |n| (n, n) end\nend\n\
         supervisor App do\n  strategy: two_for_one\n  max_restarts: -1\n  child a do\n    restart: always\n  end\nend\n\
         fn main() do\n  let c = Counter.start(1)\n  Counter.add(c, 2)\n  spawn(App)\nend",
        expect![[r#"
            E0620 main.snow:1:9 service `Counter` has no `init` [add `fn init() do … end`: it gives the first state]
            E0631 main.snow:5:13 unknown strategy `two_for_one`: it is one_for_one, one_for_all, rest_for_one, simple_one_for_one
            E0631 main.snow:6:17 unknown max_restarts `-1`: it is a number from 0
            E0630 main.snow:7:9 this child has no `start`
            E0631 main.snow:8:14 unknown restart `always`: it is permanent, transient, temporary
        "#]],
    );
}
