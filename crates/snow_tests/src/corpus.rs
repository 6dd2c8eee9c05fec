//! Which files are tests, and what a program's first lines expect of its run.
//!
//! Every `.snow` file is a test, but for a folder with a `main.snow`: that is one project, and `main.snow` its test.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diff::diff;
use crate::exec::Outcome;

/// The root of the repository.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_path_buf()
}

/// All files under `folder` with this extension, in order of their paths; of a project only its `main.snow`.
pub fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    walk(folder, extension, extension == "snow", &mut found)?;
    found.sort();
    if found.is_empty() {
        return Err(format!("no .{extension} file under {}", folder.display()));
    }
    Ok(found)
}

/// All files under `folder` with this extension, those of projects too, in order of their paths.
pub fn all_files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    walk(folder, extension, false, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, extension: &str, projects: bool, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let main = folder.join("main.snow");
    if projects && main.is_file() {
        found.push(main);
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
        if path.is_dir() {
            walk(&path, extension, projects, found)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    Ok(())
}

/// The path as it is shown: under `base`, with `/`.
pub fn shown(path: &Path, base: &Path) -> String {
    let path = path.strip_prefix(base).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// What a program must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The exact standard output.
    pub stdout: String,
    /// The exit code, `# exit: 1`; 0 where nothing is said.
    pub exit: i32,
    /// Texts that standard error must hold in this order, each a line `# stderr: text`.
    pub stderr: Vec<String>,
}

impl Expected {
    /// Reads the comments at the head of the program `source`.
    pub fn read(source: &str, stdout: String) -> Result<Expected, String> {
        let mut expected = Expected { stdout, exit: 0, stderr: Vec::new() };
        for comment in source.lines().map_while(|line| line.strip_prefix("# ")) {
            if let Some(code) = comment.strip_prefix("exit: ") {
                expected.exit = code.trim().parse().map_err(|_| format!("`# exit: {code}`: not a number"))?;
            } else if let Some(text) = comment.strip_prefix("stderr: ") {
                expected.stderr.push(text.trim().to_owned());
            }
        }
        Ok(expected)
    }

    /// Compares with what a run gave.
    pub fn check(&self, outcome: &Outcome) -> Result<(), String> {
        let mut problems = String::new();
        if let Some(diff) = diff(&self.stdout, &outcome.stdout) {
            problems.push_str(&format!("stdout differs:\n{diff}"));
        }
        if outcome.code != Some(self.exit) {
            let code =
                outcome.code.map_or_else(|| "ended by a signal".to_owned(), |c| format!("exit code {c}"));
            problems.push_str(&format!("{code}, expected {}\n", self.exit));
        }
        let mut rest = outcome.stderr.as_str();
        for text in &self.stderr {
            match rest.find(text.as_str()) {
                Some(at) => rest = &rest[at + text.len()..],
                None => problems.push_str(&format!("stderr lacks `{text}`\n")),
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        if !outcome.stderr.is_empty() {
            problems.push_str(&format!("stderr was:\n{}", outcome.stderr));
        }
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(code: i32, stdout: &str, stderr: &str) -> Outcome {
        Outcome { code: Some(code), stdout: stdout.to_owned(), stderr: stderr.to_owned() }
    }

    #[test]
    fn the_head_says_what_is_expected() {
        let source = "# Division.\n# exit: 1\n# stderr: division by zero\n# stderr: main\n\n# exit: 9\n";
        let expected = Expected::read(source, String::new()).expect("it's well formed");
        assert_eq!(expected.exit, 1);
        assert_eq!(expected.stderr, ["division by zero", "main"]);
        assert!(expected.check(&outcome(1, "", "crash: division by zero in main")).is_ok());
        assert!(expected.check(&outcome(1, "", "main: division by zero")).is_err(), "the order counts");
        assert!(Expected::read("# exit: one\n", String::new()).is_err());
    }

    #[test]
    fn every_difference_is_told() {
        let expected = Expected { stdout: "a\n".to_owned(), exit: 0, stderr: Vec::new() };
        let report = expected.check(&outcome(70, "b\n", "leak")).expect_err("all is wrong");
        assert!(report.contains("- a\n+ b\n") && report.contains("exit code 70") && report.contains("leak"));
    }

    #[test]
    fn a_project_is_one_test() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        for file in ["one.snow", "deep/two.snow", "deep/two.out", "app/main.snow", "app/util/x.snow"] {
            let file = path.join(file);
            fs::create_dir_all(file.parent().expect("it has one")).expect("made");
            fs::write(file, "").expect("written");
        }
        let files = files(path, "snow").expect("there are some");
        let files: Vec<_> = files.iter().map(|file| shown(file, path)).collect();
        assert_eq!(files, ["app/main.snow", "deep/two.snow", "one.snow"]);
    }
}
