//! How programs are run: which binary, with which limit.
//!
//! A program that takes too long is ended with all processes that it started.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long one program may take.
pub const LIMIT: Duration = Duration::from_secs(120);

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// The built `snow`: `SNOW_BIN`, else the one next to the running test.
pub fn snow_binary() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("SNOW_BIN") {
        return Ok(PathBuf::from(path));
    }
    let own = std::env::current_exe().map_err(|e| format!("no path of the test itself: {e}"))?;
    // target/<profile>/deps/<test>
    let folder = own.parent().and_then(Path::parent).ok_or("the test doesn't stand in a target folder")?;
    let path = folder.join(format!("snow{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!("{} isn't there: run `cargo build -p snow_cli` first", path.display()))
    }
}

/// `snow` with arguments, in `folder`, in an environment that doesn't depend on who runs it.
pub fn snow(binary: &Path, folder: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(binary);
    command.args(args).current_dir(folder).env("NO_COLOR", "1").env_remove("SNOW_SIM");
    command
}

/// Runs a command to its end, with nothing on standard input. `Err` if it can't start or takes too long.
pub fn run(command: &mut Command, limit: Duration) -> Result<Outcome, String> {
    run_with(command, None, limit)
}

/// [`run`] with a pipe on standard input, through which `input` comes.
pub fn run_with(command: &mut Command, input: Option<Vec<u8>>, limit: Duration) -> Result<Outcome, String> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|e| format!("can't start {:?}: {e}", command.get_program()))?;
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        // A program may end before it has read everything.
        std::thread::spawn(move || drop(pipe.write_all(&input)));
    }
    let stdout = read_all(child.stdout.take());
    let stderr = read_all(child.stderr.take());
    let status = wait(&mut child, limit);
    if status.is_none() {
        end_group(&mut child);
    }
    let (stdout, stderr) = (join(stdout), join(stderr));
    match status {
        Some(status) => Ok(Outcome { code: status.code(), stdout, stderr }),
        None => Err(format!("took longer than {} s\nstdout:\n{stdout}stderr:\n{stderr}", limit.as_secs())),
    }
}

fn read_all(stream: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn join(reader: JoinHandle<String>) -> String {
    reader.join().unwrap_or_else(|_| "(the reader failed)\n".to_owned())
}

fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    while start.elapsed() < limit {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    None
}

/// Ends the child and what it started: they are one process group.
fn end_group(child: &mut Child) {
    let group = format!("-{}", child.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> Result<Outcome, String> {
        run(Command::new("sh").args(["-c", script]), limit)
    }

    #[test]
    fn both_streams_and_the_code() {
        let outcome = sh("echo out; echo err >&2; exit 3", LIMIT).expect("it runs");
        let expected = Outcome { code: Some(3), stdout: "out\n".to_owned(), stderr: "err\n".to_owned() };
        assert_eq!(outcome, expected);
    }

    #[test]
    fn what_takes_too_long_ends_with_its_children() {
        let start = Instant::now();
        let error = sh("echo begun; sleep 60 & sleep 60", Duration::from_millis(200)).expect_err("it's late");
        assert!(error.contains("took longer") && error.contains("begun"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}
