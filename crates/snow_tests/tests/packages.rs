//! `tests/packages/*.case`: projects that can't be used, each as one text of several files. Its first lines are commands,
//! `# $ snow …` or `# $ git …`; what the last one prints stands in the `.txt` beside it (`UPDATE_EXPECT=1` rewrites it).
//! In files and texts `@` stands for the folder of the case.

use std::fs;
use std::path::Path;
use std::process::Command;

use snow_tests::corpus::{all_files, read, root, shown};
use snow_tests::diff::diff;
use snow_tests::exec::{LIMIT, Outcome, run, snow, snow_binary};
use snow_tests::parts::parts;
use snow_tests::pool::{Check, run_all};

#[test]
fn projects_are_refused_with_their_errors() {
    let folder = root().join("tests/packages");
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let paths = all_files(&folder, "case").unwrap_or_else(|e| panic!("{e}"));
    assert!(!paths.is_empty(), "no case under {}", folder.display());
    let checks = paths.into_iter().map(|path| {
        let binary = binary.clone();
        Check::new(shown(&path, &folder), move || check(&binary, &path))
    });
    run_all(checks.collect()).unwrap_or_else(|report| panic!("\n{report}"));
}

fn check(binary: &Path, path: &Path) -> Result<(), String> {
    let temporary = tempfile::tempdir().map_err(|e| e.to_string())?;
    let folder = fs::canonicalize(temporary.path()).map_err(|e| e.to_string())?;
    let here = folder.display().to_string();
    let mut commands = String::new();
    for (name, text) in parts(&read(path)?, "commands") {
        if name == "commands" {
            commands = text;
            continue;
        }
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).map_err(|e| e.to_string())?;
        fs::write(&file, text.replace('@', &here)).map_err(|e| e.to_string())?;
    }
    let commands: Vec<&str> = commands.lines().filter_map(|line| line.strip_prefix("# $ ")).collect();
    let mut last = None;
    for command in &commands {
        last = Some(outcome(binary, &folder, command)?);
    }
    let last = last.ok_or("the case has no command")?;
    if last.code == Some(0) {
        return Err(format!("the last command must be refused\n{}", last.stdout));
    }
    let text = (last.stdout + &last.stderr).replace(&here, "@");
    let expected = path.with_extension("txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return fs::write(&expected, &text).map_err(|e| format!("{}: {e}", expected.display()));
    }
    let known = read(&expected).map_err(|e| format!("{e}\nthe text is now:\n{text}"))?;
    diff(&known, &text).map_or(Ok(()), |diff| Err(format!("the text differs:\n{diff}")))
}

/// `snow` and `git` alone: no shell. `nogit snow …` has no `git` to start.
fn outcome(binary: &Path, folder: &Path, command: &str) -> Result<Outcome, String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let cache = folder.join("cache");
    let mut command = match words.as_slice() {
        ["snow", args @ ..] => snow(binary, folder, args),
        ["nogit", "snow", args @ ..] => {
            let mut command = snow(binary, folder, args);
            command.env("PATH", folder);
            command
        }
        ["git", args @ ..] => {
            let mut command = Command::new("git");
            let identity = ["user.name=t", "user.email=t@example.invalid", "commit.gpgsign=false"];
            command.args(identity.iter().flat_map(|setting| ["-c", setting]));
            command.args(args).current_dir(folder);
            command
        }
        _ => return Err(format!("`{command}` is no command of a case")),
    };
    run(command.env("XDG_CACHE_HOME", &cache).env("LC_ALL", "C"), LIMIT)
}
