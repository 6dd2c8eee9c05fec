//! Modules: imports, privacy, cycles.

use expect_test::expect;

use super::check_modules;

#[test]
fn imports_bring_names() {
    check_modules(
        &[
            (
                "Main",
                "import Math.Vector\nimport Math.Vector as V\nfrom Shapes import Shape, area\nfn main() = area(Circle(Vector.one + V.one + Math.Vector.one))\nfn f(s :: Shape, t :: Vector.Vec) -> Shapes2.Shape = (s, t)",
            ),
            ("Math.Vector", "pub let one = 1\npub struct Vec do x :: Int end"),
            ("Shapes", "pub type Shape do Circle(Int) end\npub fn area(s) = s"),
            ("Shapes2", "pub type Shape do Circle(Int) end"),
        ],
        expect![[r#"
            E0210 main.snow:5:38 the module `Shapes2` is not imported [add `import Shapes2` at the head of the file]
        "#]],
    );
}

#[test]
fn private_and_missing_names() {
    check_modules(
        &[
            (
                "Main",
                "import Geo\nfrom Geo import hidden, nothing\nimport Math.Vectr\nfn a() = Geo.hidden(1)\nfn b() = hidden(nothing(1))\nfn c() = Geo.Secret.One\nfn d() = List.hidden(1)\nfn e() = Geo.aera(1)\nfn f() = Vectr.x\nfn g() = Other.x",
            ),
            ("Geo", "fn hidden(x) = x\ntype Secret do One end\npub fn area(x) = hidden(x)"),
            ("Other", "pub let x = 1"),
        ],
        expect![[r#"
            E0209 main.snow:2:17 `hidden` is private to the module `Geo` [write `pub` in front of the definition of `hidden`]
            E0208 main.snow:2:25 the module `Geo` has no `nothing`
            E0207 main.snow:3:8 unknown module `Math.Vectr`
            E0209 main.snow:4:14 `hidden` is private to the module `Geo` [write `pub` in front of the definition of `hidden`]
            E0209 main.snow:6:10 `Secret` is private to the module `Geo` [write `pub` in front of the definition of `Secret`]
            E0209 main.snow:7:15 `hidden` is private to the module `List` [write `pub` in front of the definition of `hidden`]
            E0208 main.snow:8:14 the module `Geo` has no `aera` [did you mean `area`?]
            E0210 main.snow:10:10 the module `Other` is not imported [add `import Other` at the head of the file]
        "#]],
    );
}

#[test]
fn a_misspelled_import_is_one_mistake() {
    check_modules(
        &[
            ("Main", "import Data.Repos\nfn a() = Repo.new()\nfn b() = Repos.new()"),
            ("Data.Repo", "pub fn new() = 1"),
        ],
        expect![[r#"
            E0207 main.snow:1:8 unknown module `Data.Repos` [did you mean `Data.Repo`?]
        "#]],
    );
}

#[test]
fn cycles_show_their_path() {
    check_modules(
        &[
            ("A", "import B\nfn f() = B.g()"),
            ("B", "import C\npub fn g() = C.h()"),
            ("C", "import A\npub fn h() = 1"),
        ],
        expect![[r#"
            E0211 c.snow:1:8 modules import each other: A -> B -> C -> A [move what both need into a module of its own]
        "#]],
    );
}

#[test]
fn unused_imports() {
    check_modules(
        &[
            ("A", "import B\nfrom C import h, i\nfn f() = i()"),
            ("B", ""),
            ("C", "pub fn h() = 1\npub fn i() = 1"),
        ],
        expect![[r#"
            W0002 a.snow:1:8 unused import `B` [remove it]
            W0002 a.snow:2:15 unused import `h` [remove it]
        "#]],
    );
}

#[test]
fn nested_modules_and_hiding_std() {
    check_modules(
        &[
            (
                "Main",
                "import List\nmodule Inner do\n  pub fn f() = g()\n  fn p() = 1\nend\nmodule Outer do\n  pub module Deep do pub fn d() = 1 end\nend\nfn g() = Inner.f() + Outer.Deep.d()\nfn h() = Inner.p() + List.mine() + List.map(1, 2)",
            ),
            ("List", "pub fn mine() = 1"),
        ],
        expect![[r#"
            E0209 main.snow:10:16 `p` is private to the module `Main.Inner` [write `pub` in front of the definition of `p`]
            E0208 main.snow:10:41 the module `List` has no `map`
        "#]],
    );
}
