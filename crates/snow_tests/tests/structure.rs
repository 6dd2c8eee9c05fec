//! The project keeps its own rules; exceptions stand with a reason in `tests/structure_exceptions.txt`.

use std::path::Path;
use std::process::Command;

use snow_tests::corpus::{files, read, root, shown};
use snow_tests::structure::source::{self, SourceFile};
use snow_tests::structure::{Finding, crates, excuse};

#[test]
fn the_project_keeps_its_rules() {
    let root = root();
    let mut findings = crates::check(&metadata(&root));
    findings.extend(source::check(&sources(&root)));
    let exceptions = read(&root.join("tests/structure_exceptions.txt")).unwrap_or_else(|e| panic!("{e}"));
    let left = excuse(findings, &exceptions);
    let shown: Vec<String> = left.iter().map(Finding::to_string).collect();
    assert!(left.is_empty(), "\n{}\n", shown.join("\n"));
}

fn metadata(root: &Path) -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

fn sources(root: &Path) -> Vec<SourceFile> {
    let folder = root.join("crates");
    let paths = files(&folder, "rs").unwrap_or_else(|e| panic!("{e}"));
    paths
        .iter()
        .map(|path| SourceFile {
            krate: shown(path, &folder).split('/').next().unwrap_or_default().to_owned(),
            path: shown(path, root),
            text: read(path).unwrap_or_else(|e| panic!("{e}")),
        })
        .collect()
}
