//! Runs many checks on a few threads and reports all failures together.

use std::fmt::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::corpus::{files, root, shown};
use crate::exec::snow_binary;

/// One check: its name, and what it does.
pub struct Check {
    /// The file, for people.
    pub name: String,
    /// `Err` holds what is wrong.
    pub check: Box<dyn Fn() -> Result<(), String> + Send + Sync>,
}

impl Check {
    /// A check with its name.
    pub fn new(
        name: impl Into<String>,
        check: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) -> Check {
        Check { name: name.into(), check: Box::new(check) }
    }
}

/// Checks every program of a folder of the repository: `check` gets the `snow` that was built, the folder, the program.
///
/// # Panics
/// With a report of all that failed.
pub fn check_files(folder: &str, check: fn(&Path, &Path, &Path) -> Result<(), String>) {
    let folder = root().join(folder);
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let paths = files(&folder, "snow").unwrap_or_else(|e| panic!("{e}"));
    let checks = paths.into_iter().map(|path| {
        let (binary, folder) = (binary.clone(), folder.clone());
        Check::new(shown(&path, &folder), move || check(&binary, &folder, &path))
    });
    run_all(checks.collect()).unwrap_or_else(|report| panic!("\n{report}"));
}

/// Threads that run checks: each check mostly waits for a compiler that has threads of its own.
const THREADS: usize = 2;

/// Runs the checks that `SNOW_TEST` selects and gives a report of all that failed, in order of their names.
pub fn run_all(checks: Vec<Check>) -> Result<(), String> {
    let part = std::env::var("SNOW_TEST").unwrap_or_default();
    let chosen: Vec<Check> = checks.into_iter().filter(|check| check.name.contains(&part)).collect();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(check) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = (check.check)() {
                        failures.lock().unwrap_or_else(|e| e.into_inner()).push((&check.name, problem));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap_or_else(|e| e.into_inner());
    if failures.is_empty() {
        return Ok(());
    }
    failures.sort();
    let mut report = String::new();
    for (name, problem) in &failures {
        let _ = writeln!(report, "---- {name}\n{}", problem.trim_end());
    }
    let _ = write!(report, "{} of {} failed", failures.len(), chosen.len());
    Err(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_failures_in_order() {
        let check = |name: &str, result: Result<(), String>| Check::new(name, move || result.clone());
        let checks =
            vec![check("b", Err("2\n".to_owned())), check("ok", Ok(())), check("a", Err("1".to_owned()))];
        assert_eq!(run_all(checks), Err("---- a\n1\n---- b\n2\n2 of 3 failed".to_owned()));
        assert_eq!(run_all(vec![check("ok", Ok(()))]), Ok(()));
    }
}
