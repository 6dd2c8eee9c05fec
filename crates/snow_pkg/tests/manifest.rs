//! Mistakes in `snow.toml`, each with its place and what to do.

use expect_test::expect;
use snow_pkg::{Manifest, Pin, SourceSpec};

fn error(text: &str) -> String {
    Manifest::parse(text, "snow.toml").expect_err("must be refused").to_string()
}

const HEAD: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n";

fn dependency(line: &str) -> String {
    error(&format!("{HEAD}[dependencies]\n{line}\n"))
}

#[test]
fn a_whole_manifest() {
    let text = r#"
        [package]
        name = "app"
        version = "1.2.3-rc.1"
        snow = "0.1"
        license = "MIT"
        description = "An app"

        [dependencies]
        math = { path = "../math" }
        [dependencies.json]
        git = "https://a.example/json"
        tag = "v1.2.0"
    "#;
    let manifest = Manifest::parse(text, "snow.toml").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(
        manifest.snow.map(|(v, place)| (v.to_string(), place.to_string())),
        Some(("0.1.0".into(), "snow.toml:5:16".into()))
    );
    assert_eq!(manifest.dependencies.len(), 2);
    let json = &manifest.dependencies[0];
    assert_eq!(json.source, SourceSpec::Git { url: "https://a.example/json".into(), pin: Pin::Versions });
    assert_eq!(json.version.as_ref().map(ToString::to_string).as_deref(), Some("=1.2.0"));
}

#[test]
fn addresses() {
    for url in ["https://a/b", "ssh://git@a/b", "git@a.example:b/c.git", "/home/me/b", "file:///b"] {
        let text = format!("{HEAD}[dependencies]\njson = {{ git = \"{url}\" }}\n");
        assert!(Manifest::parse(&text, "snow.toml").is_ok(), "{url}");
    }
    for url in
        ["ext::sh -c x", "-u", "../json", "a@-oProxy:b", "ssh://-oProxy/b", "a@b::c", "https://a b", ""]
    {
        let text = dependency(&format!("json = {{ git = \"{url}\" }}"));
        assert!(text.contains("is not the address of a git repository"), "{url}: {text}");
    }
}

#[test]
fn mistakes_in_the_head() {
    expect![[r#"
        error[E0802]: snow.toml has no `[package]`
         --> snow.toml:1:1
          |
        1 |
          | ^
          |
          = help: begin it with
                  [package]
                  name = "my_app"
                  version = "0.1.0""#]]
    .assert_eq(&error(""));
    expect![[r#"
        error[E0802]: the package has no `version`
         --> snow.toml:1:2
          |
        1 | [package]
          |  ^^^^^^^
          |
          = help: add `version = "0.1.0"` below `[package]`"#]]
    .assert_eq(&error("[package]\nname = \"app\"\n"));
    expect![[r#"
        error[E0803]: `verion` is not a key of `package`
         --> snow.toml:3:1
          |
        3 | verion = "0.1.0"
          | ^^^^^^
          |
        help: did you mean `version`?
          |
        3 | version = "0.1.0"
          |    +"#]]
    .assert_eq(&error("[package]\nname = \"app\"\nverion = \"0.1.0\"\n"));
    expect![[r#"
        error[E0805]: `My-App` is not a package's name
         --> snow.toml:2:8
          |
        2 | name = "My-App"
          |        ^^^^^^^^
          |
          = note: a name is written in snake_case: lower-case letters, digits and `_`, a letter first
          = help: call it `my_app`"#]]
    .assert_eq(&error("[package]\nname = \"My-App\"\nversion = \"0.1.0\"\n"));
    expect![[r#"
        error[E0804]: `version` is not a text
         --> snow.toml:3:11
          |
        3 | version = 1
          |           ^
          |
        help: put it in quotes
          |
        3 - version = 1
        3 + version = "1"
          |"#]]
    .assert_eq(&error("[package]\nname = \"app\"\nversion = 1\n"));
    expect![[r#"
        error[E0804]: `1.0` is not a version
         --> snow.toml:3:11
          |
        3 | version = "1.0"
          |           ^^^^^
          |
        help: a version has three numbers
          |
        3 | version = "1.0.0"
          |               ++"#]]
    .assert_eq(&error("[package]\nname = \"app\"\nversion = \"1.0\"\n"));
    expect![[r#"
        error[E0801]: snow.toml can't be read: string values must be quoted, expected literal string
         --> snow.toml:2:8
          |
        2 | name = app
          |        ^^^
          |
          = help: lines look like `name = "text"`, below a heading such as `[package]`"#]]
    .assert_eq(&error("[package]\nname = app\n"));
    expect![[r#"
        error[E0804]: `package` is a heading, not a value
         --> snow.toml:1:11
          |
        1 | package = 1
          |           ^
          |
          = help: write `[package]` on a line of its own"#]]
    .assert_eq(&error("package = 1\n"));
}

#[test]
fn mistakes_in_dependencies() {
    expect![[r#"
        error[E0802]: where does `json` come from?
         --> snow.toml:5:8
          |
        5 | json = "1.0"
          |        ^^^^^
          |
          = help: write `json = { path = "../json" }` for a folder, or
                  `json = { git = "https://…", version = "1.0" }` for a git repository"#]]
    .assert_eq(&dependency("json = \"1.0\""));
    expect![[r#"
        error[E0803]: `pth` is not a key of `dependencies.json`
         --> snow.toml:5:10
          |
        5 | json = { pth = "../json" }
          |          ^^^
          |
        help: did you mean `path`?
          |
        5 | json = { path = "../json" }
          |           +"#]]
    .assert_eq(&dependency("json = { pth = \"../json\" }"));
    expect![[r#"
        error[E0806]: `json` has two sources, `path` and `git`
         --> snow.toml:5:28
          |
        5 | json = { path = "a", git = "https://a/b" }
          |                 ---        ^^^^^^^^^^^^^
          |                 |
          |                 it is a folder here
          |
          = help: keep one of them"#]]
    .assert_eq(&dependency("json = { path = \"a\", git = \"https://a/b\" }"));
    expect![[r#"
        error[E0806]: `tag` belongs to a git repository, not to `path`
         --> snow.toml:5:28
          |
        5 | json = { path = "a", tag = "v1.0.0" }
          |                            ^^^^^^^^
          |
          = help: take `tag` away, or give `git = "https://…"` in place of `path`"#]]
    .assert_eq(&dependency("json = { path = \"a\", tag = \"v1.0.0\" }"));
    expect![[r#"
        error[E0806]: only one of `tag`, `rev` and `branch` can be given
         --> snow.toml:5:51
          |
        5 | json = { git = "https://a/b", tag = "a", branch = "b" }
          |                                                   ^^^
          |
          = help: keep one of them"#]]
    .assert_eq(&dependency("json = { git = \"https://a/b\", tag = \"a\", branch = \"b\" }"));
    expect![[r#"
        error[E0804]: `main` is not a rev of git
         --> snow.toml:5:37
          |
        5 | json = { git = "https://a/b", rev = "main" }
          |                                     ^^^^^^
          |
          = help: give at least 7 digits of the commit, as `git log` shows it"#]]
    .assert_eq(&dependency("json = { git = \"https://a/b\", rev = \"main\" }"));
    expect![[r#"
        error[E0804]: `--x` is not a branch of git
         --> snow.toml:5:40
          |
        5 | json = { git = "https://a/b", branch = "--x" }
          |                                        ^^^^^
          |
          = help: write the branch's name as `git branch --list` shows it"#]]
    .assert_eq(&dependency("json = { git = \"https://a/b\", branch = \"--x\" }"));
    expect![[r#"
        error[E0804]: `new` doesn't say which versions will do
         --> snow.toml:5:32
          |
        5 | json = { path = "a", version = "new" }
          |                                ^^^^^
          |
          = note: unexpected character 'n' while parsing major version number
          = help: write `"1.2"` for 1.2 and what is compatible with it, `"=1.2.3"` for one version, `">=1.2, <3"` for a range"#]].assert_eq(&dependency("json = { path = \"a\", version = \"new\" }"));
}

#[test]
fn no_text_makes_it_panic() {
    let text = "# ä\n[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\njson = { git = \"https://a/ö\", tag = \"v1.0.0\", version = \"1\" }\n";
    let chars: Vec<char> = text.chars().collect();
    for end in 0..chars.len() {
        let cut: String = chars[..end].iter().collect();
        let holed: String = chars[..end].iter().chain(&chars[end + 1..]).collect();
        let _ = Manifest::parse(&cut, "snow.toml");
        let _ = Manifest::parse(&holed, "snow.toml");
    }
}
