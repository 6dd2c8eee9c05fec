//! What is in a git repository? Answered by the command `git`.
//!
//! Invariant: nothing of a repository is run: no hooks, no filters, no submodules, no protocol that starts commands.
//! Files are read from the object store, not checked out.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    /// Whether it is a symbolic link.
    pub(crate) is_link: bool,
    /// The object with its content.
    pub(crate) object: String,
    /// Its path from the repository's root.
    pub(crate) path: String,
}

/// Variables that would lead git to another repository than the one it is given.
const MISLEADING: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
];

fn command() -> Command {
    let mut command = Command::new("git");
    for name in MISLEADING {
        command.env_remove(name);
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
        .env("LC_ALL", "C")
        .args(["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"])
        .stdin(Stdio::null());
    command
}

/// Runs git and gives what it prints; the error is what it says.
fn run(mut command: Command) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|e| cannot_start(&e))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
    Err(if lines.is_empty() { format!("git ended with {}", output.status) } else { lines.join("\n") })
}

/// What is said where there is no git at all.
pub(crate) const NOT_INSTALLED: &str = "the command `git` is not installed";

fn cannot_start(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => NOT_INSTALLED.to_owned(),
        _ => format!("the command `git` can't be started: {error}"),
    }
}

fn in_repository(repository: &Path) -> Command {
    let mut command = command();
    command.arg("--git-dir").arg(repository);
    command
}

/// Copies a repository without its files into the folder `to`, which must not exist.
pub(crate) fn clone(url: &str, to: &Path) -> Result<(), String> {
    let mut command = command();
    command.args(["clone", "--quiet", "--bare", "--template=", "--"]).arg(url).arg(to);
    run(command).map(drop)
}

/// Brings branches and tags up to date.
pub(crate) fn fetch(repository: &Path, url: &str) -> Result<(), String> {
    let mut command = in_repository(repository);
    command.args(["fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-recurse-submodules", "--"]);
    command.arg(url).args(["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]);
    run(command).map(drop)
}

/// Brings one commit that no branch or tag leads to, where the server gives it out.
pub(crate) fn fetch_commit(repository: &Path, url: &str, commit: &str) -> Result<(), String> {
    let mut command = in_repository(repository);
    command.args(["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--"]).arg(url).arg(commit);
    run(command).map(drop)
}

/// The tags by name.
pub(crate) fn tags(repository: &Path) -> Result<Vec<String>, String> {
    let mut command = in_repository(repository);
    command.args(["for-each-ref", "--format=%(refname:strip=2)", "refs/tags"]);
    let printed = run(command)?;
    Ok(String::from_utf8_lossy(&printed).lines().map(str::to_owned).collect())
}

/// The commit that a name leads to: `refs/tags/v1.0.0`, `refs/heads/main`, the digits of a commit. `None`: none.
pub(crate) fn commit(repository: &Path, name: &str) -> Option<String> {
    let mut command = in_repository(repository);
    command.args(["rev-parse", "--verify", "--quiet", "--end-of-options"]).arg(format!("{name}^{{commit}}"));
    let printed = run(command).ok()?;
    let text = String::from_utf8(printed).ok()?;
    // `--end-of-options` itself is printed by some versions.
    text.lines().last().map(str::to_owned).filter(|line| line.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The files of a commit. Submodules are not among them.
pub(crate) fn files(repository: &Path, commit: &str) -> Result<Vec<TreeEntry>, String> {
    let mut command = in_repository(repository);
    command.args(["ls-tree", "-r", "-z", "--full-tree", commit]);
    let printed = run(command)?;
    let mut entries = Vec::new();
    for line in printed.split(|&b| b == 0).filter(|line| !line.is_empty()) {
        let line =
            std::str::from_utf8(line).map_err(|_| "the name of a file is not valid UTF-8".to_owned())?;
        let (head, path) = line.split_once('\t').ok_or("git lists files in a form that isn't known")?;
        let mut words = head.split(' ');
        let (Some(mode), Some(kind), Some(object)) = (words.next(), words.next(), words.next()) else {
            return Err("git lists files in a form that isn't known".to_owned());
        };
        if kind == "blob" {
            let is_link = mode == "120000";
            entries.push(TreeEntry { is_link, object: object.to_owned(), path: path.to_owned() });
        }
    }
    Ok(entries)
}

/// Reads the contents of objects, one after the other, through one git.
pub(crate) struct Objects {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Objects {
    /// Starts to read from a repository.
    pub(crate) fn open(repository: &Path) -> Result<Objects, String> {
        let mut command = in_repository(repository);
        command
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(|e| cannot_start(&e))?;
        let output = child.stdout.take().ok_or("git has no output")?;
        Ok(Objects { child, output: BufReader::new(output) })
    }

    /// The content of one object.
    pub(crate) fn read(&mut self, object: &str) -> Result<Vec<u8>, String> {
        self.try_read(object).map_err(|e| format!("git's object {object} can't be read: {e}"))
    }

    fn try_read(&mut self, object: &str) -> std::io::Result<Vec<u8>> {
        let input = self.child.stdin.as_mut().ok_or_else(|| std::io::Error::other("git has no input"))?;
        writeln!(input, "{object}")?;
        input.flush()?;
        let mut head = String::new();
        self.output.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| std::io::Error::other(head.trim_end().to_owned()))?;
        let mut content = Vec::new();
        (&mut self.output).take(size).read_to_end(&mut content)?;
        let mut newline = [0];
        self.output.read_exact(&mut newline)?;
        Ok(content)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without input it ends by itself; waiting keeps no dead process about.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
