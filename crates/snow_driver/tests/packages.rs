//! Projects with packages: which modules are seen, and by which names.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use snow_driver::{Session, load};

/// Writes files (path and text) and gives the messages of checking the project `app`.
fn check(files: &[(&str, &str)], expect: Expect) {
    let place = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let shown = messages(&place.path().join("app"));
    expect.assert_eq(&shown.replace(&place.path().display().to_string(), "@"));
}

fn messages(app: &Path) -> String {
    let files = match load::load(app) {
        Ok(files) => files,
        Err(e) => return e.to_string(),
    };
    let mut session = Session::default();
    let _ = session.check(&files);
    let mut shown = String::new();
    for d in &session.diagnostics {
        let file = session.sources.file(d.span().file);
        let at = file.lines.line_col(&file.text, d.span().text_range().start());
        shown.push_str(&format!("{} {}:{} {}\n", d.code, file.path, at.line, d.message));
        for text in d.notes.iter().chain(&d.help) {
            shown.push_str(&format!("  {text}\n"));
        }
    }
    shown
}

const APP: (&str, &str) = (
    "app/snow.toml",
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\nshapes = { path = \"../shapes\" }\n",
);
const SHAPES: (&str, &str) = (
    "shapes/snow.toml",
    "[package]\nname = \"shapes\"\nversion = \"0.1.0\"\n[dependencies]\nbase = { path = \"../base\" }\n",
);
const BASE: (&str, &str) = ("base/snow.toml", "[package]\nname = \"base\"\nversion = \"0.1.0\"\n");
const BASE_CODE: (&str, &str) = ("base/base.snow", "pub fn half(x :: Int) -> Int = x / 2\n");

#[test]
fn modules_stand_under_their_packages_name() {
    check(
        &[
            APP,
            SHAPES,
            BASE,
            BASE_CODE,
            ("shapes/shapes.snow", "import Round\npub fn area(x :: Int) -> Int = Round.area(x)\n"),
            (
                "shapes/round.snow",
                "import Base\nimport Shapes.Text\npub fn area(x :: Int) -> Int = Base.half(x) + Text.one()\n",
            ),
            ("shapes/shapes/text.snow", "pub fn one() -> Int = 1\nfn unused() -> Int = 2\n"),
            ("shapes/main.snow", "nonsense"),
            (
                "app/main.snow",
                "import Shapes\nimport Shapes.Round\nimport Shapes.Text\n\
                 fn main() do println(Shapes.area(1) + Round.area(2) + Text.one()) end\n",
            ),
        ],
        expect![[r#""#]],
    );
}

#[test]
fn only_what_the_manifest_names_is_seen() {
    check(
        &[
            APP,
            SHAPES,
            BASE,
            BASE_CODE,
            ("shapes/shapes.snow", "import Util\npub fn area() -> Int = Util.one()\n"),
            ("app/util.snow", "pub fn one() -> Int = 1\n"),
            (
                "app/main.snow",
                "import Base\nimport Round\nimport Shapes\nfn main() do println(Shapes.area()) end\n",
            ),
        ],
        expect![[r#"
            E0207 @/app/main.snow:1 unknown module `Base`
              it belongs to the package `base`, which another package uses
              add `base` to [dependencies] in snow.toml to use it here too
            E0207 @/app/main.snow:2 unknown module `Round`
              neither the file `round.snow` nor a module of the standard library exists
            E0207 @/shapes/shapes.snow:1 unknown module `Util`
              neither the file `util.snow` nor a module of the standard library exists
        "#]],
    );
}

#[test]
fn private_things_and_mistakes_in_packages() {
    check(
        &[
            APP,
            SHAPES,
            BASE,
            BASE_CODE,
            ("shapes/shapes.snow", "fn hidden() -> Int = 1\npub fn area() -> Int = \"a\"\n"),
            ("app/main.snow", "import Shapes\nfn main() do println(Shapes.hidden()) end\n"),
        ],
        expect![[r#"
            E0209 @/app/main.snow:2 `hidden` is private to the module `Shapes`
            E0301 @/shapes/shapes.snow:2 type mismatch: expected `Int`, found `String`
        "#]],
    );
}

#[test]
fn a_module_is_not_called_like_a_package() {
    check(
        &[
            APP,
            SHAPES,
            BASE,
            ("app/shapes/square.snow", ""),
            ("app/main.snow", "fn main() do println(1) end\n"),
        ],
        expect![[r#"
            error[E0819]: the module `Shapes.Square` is called like the package `shapes`
             |
             = note: the module is the file `@/app/shapes/square.snow`
             = help: rename the file: the modules of a package stand under its name"#]],
    );
}

#[test]
fn packages_inside_the_project_are_packages() {
    check(
        &[
            (
                "app/snow.toml",
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\nbase = { path = \"libs/base\" }\n",
            ),
            ("app/libs/base/snow.toml", BASE.1),
            ("app/libs/base/base.snow", BASE_CODE.1),
            ("app/main.snow", "import Base\nimport Libs.Base.Base\nfn main() do println(Base.half(2)) end\n"),
        ],
        expect![[r#"
            E0207 @/app/main.snow:2 unknown module `Libs.Base.Base`
              neither the file `libs/base/base.snow` nor a module of the standard library exists
        "#]],
    );
}
