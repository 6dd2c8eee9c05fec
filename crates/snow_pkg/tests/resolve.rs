//! Projects with packages from folders and from git repositories of the same machine.

mod support;

use std::fs;
use std::os::unix::fs::symlink;

use expect_test::expect;
use snow_pkg::LockUse::{Keep, Locked, Update};
use snow_pkg::tree;
use support::Place;

#[test]
fn a_project_without_dependencies_has_no_lock_file() {
    let place = Place::new();
    place.package("app", "0.1.0", "");
    assert!(place.versions("app", Keep).is_empty());
    assert!(!place.path("app/snow.lock").exists());
}

#[test]
fn folders_and_what_they_need() {
    let place = Place::new();
    place.package("app", "0.1.0", "a = { path = \"../a\" }\nb = { path = \"libs/b\", version = \"^1\" }");
    place.package("a", "0.2.0", "b = { path = \"../app/libs/b\" }");
    place.package("app/libs/b", "1.5.0", "");
    let resolved = place.resolve("app", Keep).unwrap();
    expect![[r#"
        app 0.1.0
        ├─ a 0.2.0  ../a
        │  └─ b 1.5.0  libs/b
        └─ b 1.5.0  libs/b
    "#]]
    .assert_eq(&tree(&resolved));
    assert_eq!(resolved.packages[1].uses, [2]);
}

#[test]
fn the_newest_fitting_tag_is_taken_and_kept() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.release("json", "1.2.0", "");
    place.release("json", "2.0.0", "");
    place.tag("json", "nightly");
    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \"^1\" }");
    assert_eq!(place.versions("app", Keep), ["json 1.2.0"]);
    let lock = place.read("app/snow.lock");
    assert!(lock.contains("version = \"1.2.0\"\ngit = "), "{lock}");

    place.release("json", "1.3.0", "");
    assert_eq!(place.versions("app", Keep), ["json 1.2.0"], "the lock file holds");
    assert_eq!(place.read("app/snow.lock"), lock);
    let resolved = place.resolve("app", Update).unwrap();
    assert_eq!(resolved.changes, ["~ json 1.2.0 -> 1.3.0"]);
    assert_eq!(place.versions("app", Keep), ["json 1.3.0"]);

    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \"^2\" }");
    assert_eq!(place.versions("app", Keep), ["json 2.0.0"], "a lock file that doesn't fit is renewed");
}

#[test]
fn a_whole_lock_and_cache_need_no_repository() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.package("app", "0.1.0", "json = { git = \"@/json\" }");
    assert_eq!(place.versions("app", Keep), ["json 1.0.0"]);
    fs::rename(place.path("json"), place.path("away")).unwrap();
    assert_eq!(place.versions("app", Keep), ["json 1.0.0"]);
    fs::remove_dir_all(place.path("cache")).unwrap();
    let error = place.error("app");
    assert!(
        error.starts_with("error[E0810]: can't fetch @/json\n --> @/app/snow.toml:6:1\n")
            && error.contains("  = note: git says: "),
        "{error}"
    );
}

#[test]
fn a_lock_that_must_hold() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \"^1\" }");
    let refused = |place: &Place| place.resolve("app", Locked).unwrap_err().to_string();
    expect![[r#"
        error[E0816]: snow.lock doesn't fit snow.toml
         |
         = note: + json 1.0.0
         = help: leave out `--locked` once, and keep the new snow.lock in your version control"#]]
    .assert_eq(&refused(&place));
    assert!(!place.path("app/snow.lock").exists());
    place.versions("app", Keep);
    place.release("json", "1.1.0", "");
    assert_eq!(place.versions("app", Locked), ["json 1.0.0"]);
    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \"^1.1\" }");
    assert!(refused(&place).contains("~ json 1.0.0 -> 1.1.0"));
}

#[test]
fn without_servers_what_was_fetched_does() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \"^1\" }");
    let error = place.resolve_offline("app").unwrap_err();
    assert!(error.message().ends_with("json was never fetched"), "{error}");
    place.versions("app", Keep);
    fs::remove_file(place.path("app/snow.lock")).unwrap();
    place.release("json", "1.1.0", "");
    let resolved = place.resolve_offline("app").unwrap();
    assert_eq!(resolved.packages[1].version.to_string(), "1.0.0", "the new tag isn't known yet");
    assert_eq!(place.versions("app", Update), ["json 1.1.0"]);
}

#[test]
fn tags_branches_and_commits() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.tag("json", "stable");
    place.package("json", "1.1.0", "");
    let commit = place.commit("json");
    let versions = |pin: &str| {
        place.package("app", "0.1.0", &format!("json = {{ git = \"@/json\", {pin} }}"));
        place.versions("app", Keep)
    };
    assert_eq!(versions("tag = \"v1.0.0\""), ["json 1.0.0"]);
    assert_eq!(versions("tag = \"stable\""), ["json 1.0.0"]);
    assert_eq!(versions("branch = \"main\""), ["json 1.1.0"]);
    assert_eq!(versions(&format!("rev = \"{}\"", &commit[..8])), ["json 1.1.0"]);
    place.package("app", "0.1.0", "json = { git = \"@/json\", branch = \"no\" }");
    assert!(
        place.error("app").starts_with("error[E0810]: @/json has no branch no\n --> @/app/snow.toml:6:1")
    );

    place.package("app", "0.1.0", "json = { git = \"@/json\", branch = \"main\" }");
    assert_eq!(place.versions("app", Keep), ["json 1.1.0"]);
    place.package("json", "1.2.0", "");
    place.commit("json");
    assert_eq!(place.versions("app", Keep), ["json 1.1.0"], "a branch is locked");
    assert_eq!(place.versions("app", Update), ["json 1.2.0"]);
}

#[test]
fn the_solver_goes_back_to_versions_that_fit_together() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.release("json", "2.0.0", "");
    place.release("http", "1.0.0", "json = { git = \"@/json\", version = \"1\" }");
    place.release("http", "1.1.0", "json = { git = \"@/json\", version = \"2\" }");
    place.package(
        "app",
        "0.1.0",
        "http = { git = \"@/http\" }\njson = { git = \"@/json.git\", tag = \"v1.0.0\" }",
    );
    fs::rename(place.path("json"), place.path("json.git")).unwrap();
    symlink(place.path("json.git"), place.path("json")).unwrap();
    assert_eq!(place.versions("app", Keep), ["http 1.0.0", "json 1.0.0"]);
}

#[test]
fn a_conflict_is_told_in_plain_words() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.release("json", "2.0.0", "");
    place.release("http", "1.0.0", "json = { git = \"@/json\", version = \"^2\" }");
    place.package(
        "app",
        "0.1.0",
        "http = { git = \"@/http\" }\njson = { git = \"@/json\", version = \"^1\" }",
    );
    expect![[r#"
        error[E0811]: no versions of the dependencies fit together
         --> @/app/snow.toml:6:1
          |
        6 | http = { git = "@/http" }
          | ^^^^ asks for in any version
        7 | json = { git = "@/json", version = "^1" }
          | ---- asks for ^1
          |
         ::: snow.toml of http:6:1
          |
        6 | json = { git = "@/json", version = "^2" }
          | ---- asks for ^2
          |
          = note: `app` 0.1.0 asks for `http` in any version
                  `app` 0.1.0 asks for `json` ^1
                  `http` 1.0.0 asks for `json` ^2
                  `http` (@/http) offers 1.0.0
          = help: ask for other versions in snow.toml, or use a version of the package in between that allows them"#]].assert_eq(&place.error("app"));
    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \"^3\" }");
    expect![[r#"
        error[E0811]: no versions of the dependencies fit together
         --> @/app/snow.toml:6:1
          |
        6 | json = { git = "@/json", version = "^3" }
          | ^^^^ asks for ^3
          |
          = note: `app` 0.1.0 asks for `json` ^3
                  `json` (@/json) offers 1.0.0, 2.0.0
          = help: ask for other versions in snow.toml, or use a version of the package in between that allows them"#]].assert_eq(&place.error("app"));
}

#[test]
fn versions_that_need_a_newer_compiler_are_passed_over() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.package("json", "1.1.0", "");
    let newer = place.read("json/snow.toml").replace("version =", "snow = \"9.0\"\nversion =");
    place.write("json/snow.toml", &newer);
    place.commit("json");
    place.tag("json", "v1.1.0");
    place.package("app", "0.1.0", "json = { git = \"@/json\" }");
    assert_eq!(place.versions("app", Keep), ["json 1.0.0"]);
    place.package("app", "0.1.0", "json = { git = \"@/json\", version = \">=1.1\" }");
    expect![[r#"
        error[E0811]: no versions of the dependencies fit together
         --> @/app/snow.toml:6:1
          |
        6 | json = { git = "@/json", version = ">=1.1" }
          | ^^^^ asks for >=1.1
          |
          = note: `app` 0.1.0 asks for `json` >=1.1
                  `json` (@/json) offers 1.0.0, 1.1.0
                  `json` 1.1.0 can't be used: it needs Snow 9.0.0 or newer, this is 0.1.0
          = help: ask for other versions in snow.toml, or use a version of the package in between that allows them"#]].assert_eq(&place.error("app"));
    place.write("app/snow.toml", &newer.replace("json", "app"));
    expect![[r#"
        error[E0814]: `app` can't be compiled: it needs Snow 9.0.0 or newer, this is 0.1.0
         --> @/app/snow.toml:3:8
          |
        3 | snow = "9.0"
          |        ^^^^^
          |
          = help: install a newer Snow"#]]
    .assert_eq(&place.error("app"));
}

#[test]
fn changed_content_is_refused() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.package("app", "0.1.0", "json = { git = \"@/json\" }");
    let first = place.resolve("app", Keep).unwrap();
    let file = first.packages[1].dir.join("json.snow");

    fs::write(&file, "changed").unwrap();
    assert!(place.resolve("app", Keep).is_ok(), "the cache is repaired");
    assert_ne!(fs::read_to_string(&file).unwrap(), "changed");

    let lock = place.read("app/snow.lock");
    let at = lock.find("sha256:").unwrap() + 7;
    let other = if lock[at..].starts_with("00") { "11" } else { "00" };
    place.write("app/snow.lock", &format!("{}{other}{}", &lock[..at], &lock[at + 2..]));
    let error = place.error("app");
    assert!(
        error.starts_with("error[E0817]: the content of `json` 1.0.0 is not the one that snow.lock names"),
        "{error}"
    );
    assert!(place.resolve("app", Update).is_ok());
    assert_eq!(place.read("app/snow.lock"), lock);
}

#[test]
fn a_tag_that_moved_changes_nothing_until_it_is_asked_for() {
    let place = Place::new();
    place.release("json", "1.0.0", "");
    place.package("app", "0.1.0", "json = { git = \"@/json\" }");
    assert_eq!(place.versions("app", Keep), ["json 1.0.0"]);
    let lock = place.read("app/snow.lock");
    place.write("json/json.snow", "moved");
    place.commit("json");
    place.tag("json", "v1.0.0");
    assert_eq!(place.versions("app", Keep), ["json 1.0.0"]);
    assert_eq!(place.read("app/snow.lock"), lock);
    let changes = place.resolve("app", Update).unwrap().changes;
    assert!(changes[0].starts_with("~ json 1.0.0: commit "), "{changes:?}");
}

#[test]
fn a_fetched_package_stays_in_its_folder() {
    let place = Place::new();
    place.package("secret", "0.1.0", "");
    place.package("app", "0.1.0", "json = { git = \"@/json\", branch = \"main\" }");
    let refused = |dependency: &str| {
        place.package("json", "0.1.0", dependency);
        place.commit("json");
        let _ = fs::remove_file(place.path("app/snow.lock"));
        place.error("app")
    };
    expect![[r#"
        error[E0818]: the package `json` looks out of its folder
         --> snow.toml of json:6:1
          |
        6 | secret = { path = "../../../../secret" }
          | ^^^^^^
          |
          = note: it comes from git and asks for the folder `../../../../secret`
          = help: a fetched package may only read its own files; use another version of it, or tell its authors"#]].assert_eq(&refused("secret = { path = \"../../../../secret\" }"));
    let absolute = refused("secret = { path = \"@/secret\" }");
    assert!(absolute.starts_with("error[E0818]: the package `json` looks out of its folder"), "{absolute}");
    symlink(place.path("secret"), place.path("json/inner")).unwrap();
    expect![[r#"
        error[E0818]: the package `json` looks out of its folder
         --> @/app/snow.toml:6:1
          |
        6 | json = { git = "@/json", branch = "main" }
          | ^^^^
          |
          = note: its file `inner` is a link that leads outside, or nowhere
          = help: a package may only read its own files; use another version of it, or tell its authors"#]]
    .assert_eq(&refused("secret = { path = \"inner\" }"));
}

#[test]
fn a_fetched_package_may_have_packages_inside() {
    let place = Place::new();
    place.package("json/text", "0.1.0", "");
    place.release("json", "1.0.0", "text = { path = \"text\" }");
    place.package("app", "0.1.0", "json = { git = \"@/json\" }");
    assert_eq!(place.versions("app", Keep), ["json 1.0.0", "text 0.1.0"]);
    place.package("json/text", "0.1.0", "other = { path = \"..\" }");
    place.release("json", "1.1.0", "text = { path = \"text\" }");
    fs::remove_file(place.path("app/snow.lock")).unwrap();
    assert!(place.error("app").starts_with("error[E0818]: the package `text` looks out of its folder"));
}

#[test]
fn one_name_is_one_package() {
    let place = Place::new();
    place.package("x/json", "0.1.0", "");
    place.package("y/json", "0.1.0", "");
    place.package("a", "0.1.0", "json = { path = \"../y/json\" }");
    place.package("app", "0.1.0", "a = { path = \"../a\" }\njson = { path = \"../x/json\" }");
    expect![[r#"
        error[E0812]: the package `json` comes from two places
         --> @/app/snow.toml:7:1
          |
        7 | json = { path = "../x/json" }
          | ^^^^ asked for by `app`
          |
         ::: @/a/snow.toml:6:1
          |
        6 | json = { path = "../y/json" }
          | ---- asked for by `a`
          |
          = note: `a` asks for @/y/json
                  `app` asks for @/x/json
          = help: a project has one package of each name: name one source"#]]
    .assert_eq(&place.error("app"));
}

#[test]
fn circles_are_shown() {
    let place = Place::new();
    place.package("a", "0.1.0", "b = { path = \"../b\" }");
    place.package("b", "0.1.0", "c = { path = \"../c\" }");
    place.package("c", "0.1.0", "b = { path = \"../b\" }");
    expect![[r#"
        error[E0813]: packages need each other in a circle: b -> c -> b
         --> @/c/snow.toml:6:1
          |
        6 | b = { path = "../b" }
          | ^
          |
          = help: move what both need into a package of its own"#]]
    .assert_eq(&place.error("a"));
}

#[test]
fn wrong_sources_are_explained() {
    let place = Place::new();
    let refused = |dependency: &str| {
        place.package("app", "0.1.0", dependency);
        place.error("app")
    };
    expect![[r#"
        error[E0809]: there is no folder `../jsn` for the package `json`
         --> @/app/snow.toml:6:1
          |
        6 | json = { path = "../jsn" }
          | ^^^^
          |
          = note: the path is seen from the folder of the snow.toml that names it
          = help: correct the path"#]]
    .assert_eq(&refused("json = { path = \"../jsn\" }"));
    fs::create_dir(place.path("empty")).unwrap();
    expect![[r#"
        error[E0809]: the folder `../empty` is not a package: it has no snow.toml
         --> @/app/snow.toml:6:1
          |
        6 | json = { path = "../empty" }
          | ^^^^
          |
          = help: create `../empty/snow.toml` with
                  [package]
                  name = "json"
                  version = "0.1.0""#]]
    .assert_eq(&refused("json = { path = \"../empty\" }"));
    place.package("other", "0.1.0", "");
    expect![[r#"
        error[E0809]: the package asked for as `json` is called `other`
         --> @/app/snow.toml:6:1
          |
        6 | json = { path = "../other" }
          | ^^^^
          |
          = help: write `other = …` in [dependencies], or correct its source"#]]
    .assert_eq(&refused("json = { path = \"../other\" }"));
    place.package("json", "0.1.0", "");
    place.commit("json");
    expect![[r#"
        error[E0810]: @/json offers no version of `json`
         --> @/app/snow.toml:6:1
          |
        6 | json = { git = "@/json" }
          | ^^^^
          |
          = note: a repository's versions are its tags `v1.2.3`; this one has no such tag
          = help: name a state of it: add `branch = "main"`, `tag = "…"` or `rev = "…"`"#]]
    .assert_eq(&refused("json = { git = \"@/json\" }"));
    expect![[r#"
        error[E0811]: no versions of the dependencies fit together
         --> @/app/snow.toml:6:1
          |
        6 | json = { path = "../json", version = "2" }
          | ^^^^ asks for ^2
          |
          = note: `app` 0.1.0 asks for `json` ^2
                  `json` (@/json) offers 0.1.0
          = help: ask for other versions in snow.toml, or use a version of the package in between that allows them"#]].assert_eq(&refused("json = { path = \"../json\", version = \"2\" }"));
}
