//! Which crate may use which.

use serde_json::Value;

use super::Finding;

/// A crate and what it may use.
struct Row {
    name: &'static str,
    /// Crates of the project.
    uses: &'static [&'static str],
    /// Foreign crates that no other crate may use.
    owns: &'static [&'static str],
}

const fn row(name: &'static str, uses: &'static [&'static str], owns: &'static [&'static str]) -> Row {
    Row { name, uses, owns }
}

/// The crates of the compiler that the driver joins.
const STAGES: &[&str] = &[
    "snow_base",
    "snow_abi",
    "snow_diagnostics",
    "snow_syntax",
    "snow_fmt",
    "snow_hir",
    "snow_typeck",
    "snow_mir",
    "snow_codegen",
    "snow_std",
    "snow_pkg",
];

/// The layers. A crate that isn't here may not exist.
const ROWS: &[Row] = &[
    row("snow_base", &[], &["la-arena", "text-size"]),
    row("snow_abi", &[], &[]),
    row("snow_diagnostics", &["snow_base"], &["annotate-snippets"]),
    row("snow_syntax", &["snow_base", "snow_diagnostics"], &["rowan"]),
    row("snow_fmt", &["snow_base", "snow_syntax"], &[]),
    row("snow_hir", &["snow_base", "snow_diagnostics", "snow_syntax", "snow_abi"], &[]),
    row("snow_typeck", &["snow_base", "snow_diagnostics", "snow_hir", "snow_abi"], &[]),
    row("snow_mir", &["snow_base", "snow_hir", "snow_typeck", "snow_abi"], &[]),
    row("snow_codegen", &["snow_base", "snow_mir", "snow_abi"], &["inkwell"]),
    row("snow_std", &[], &[]),
    row("snow_driver", STAGES, &[]),
    row("snow_pkg", &["snow_base", "snow_diagnostics"], &["pubgrub"]),
    row(
        "snow_ide",
        &[
            "snow_base",
            "snow_diagnostics",
            "snow_syntax",
            "snow_fmt",
            "snow_hir",
            "snow_typeck",
            "snow_driver",
        ],
        &[],
    ),
    row("snow_lsp", &["snow_base", "snow_diagnostics", "snow_ide", "snow_driver"], &["lsp-server"]),
    row("snow_repl", &["snow_driver", "snow_rt", "snow_diagnostics"], &["rustyline"]),
    row(
        "snow_cli",
        &[
            "snow_driver",
            "snow_hir",
            "snow_mir",
            "snow_base",
            "snow_diagnostics",
            "snow_fmt",
            "snow_pkg",
            "snow_lsp",
            "snow_repl",
        ],
        &["clap"],
    ),
    row("snow_rt", &["snow_abi"], &["corosensei", "tokio"]),
    row("snow_tests", STAGES, &[]),
    row("xtask", &["snow_tests"], &[]),
];

/// Findings in the output of `cargo metadata --no-deps`. Dependencies of tests alone are free.
pub fn check(metadata: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in list(&metadata["packages"]) {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(row) = row_of(name) else {
            findings.push(finding(name, "has no row in the table of layers".to_owned()));
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            if dependency["kind"].as_str() == Some("dev") {
                continue;
            }
            let used = dependency["name"].as_str().unwrap_or_default();
            findings.extend(check_use(name, row, used));
        }
    }
    findings
}

fn check_use(name: &str, row: &Row, used: &str) -> Option<Finding> {
    if used.starts_with("snow_") {
        let of_runtime = row.name == "snow_rt" && name != "snow_rt";
        let optional_part = of_runtime && (used == "snow_rt" || used.starts_with("snow_rt_"));
        let allowed = row.uses.contains(&used) || optional_part;
        return (!allowed).then(|| finding(name, format!("may not use `{used}`")));
    }
    let owner = ROWS.iter().find(|row| row.owns.contains(&used))?;
    (owner.name != row.name)
        .then(|| finding(name, format!("may not use `{used}`: it lives in `{}`", owner.name)))
}

/// The row of a crate; the optional parts of the runtime share its row.
fn row_of(name: &str) -> Option<&'static Row> {
    let name = if name.starts_with("snow_rt_") { "snow_rt" } else { name };
    ROWS.iter().find(|row| row.name == name)
}

fn finding(name: &str, text: String) -> Finding {
    Finding { rule: "layers", place: name.to_owned(), text }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn uses_are_checked_against_the_table() {
        let dependency = |name: &str, kind: Value| json!({ "name": name, "kind": kind });
        let package = |name: &str, uses: Vec<Value>| json!({ "name": name, "dependencies": uses });
        let metadata = json!({ "packages": [
            package("snow_syntax", vec![dependency("snow_base", Value::Null), dependency("rowan", Value::Null)]),
            package("snow_mir", vec![dependency("snow_syntax", Value::Null), dependency("rowan", Value::Null)]),
            package("snow_hir", vec![dependency("snow_typeck", json!("dev"))]),
            package("snow_rt_web", vec![dependency("snow_rt", Value::Null)]),
            package("snow_helper", vec![]),
        ]});
        let shown: Vec<String> = check(&metadata).iter().map(Finding::to_string).collect();
        assert_eq!(
            shown,
            [
                "layers snow_mir: may not use `snow_syntax`",
                "layers snow_mir: may not use `rowan`: it lives in `snow_syntax`",
                "layers snow_helper: has no row in the table of layers",
            ]
        );
    }
}
