//! The system around the program, and running other programs.
//!
//! A program that is run reads nothing: its standard input is empty. What it writes is read when it comes, in the worker's
//! reactor. It is killed when the process that runs it ends, and when this program does.

use std::collections::BTreeSet;
use std::io::Error;
use std::os::unix::process::ExitStatusExt;
use std::process::{Output, Stdio};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use snow_abi::io_fns::{FAILED, system_text as what};
use snow_rt::part::{Caller, Text, start_program};
use tokio::process::Command;

use crate::driver;
use crate::env;
use crate::failure::{self, owned};
use crate::file::answer;
use crate::lines::as_text;

/// `system_text`
pub(crate) fn system_text(caller: &Caller, what: i64) -> bool {
    if !matches!(what, what::ARGS | what::OS) {
        caller.note_outside("the system around it");
    }
    let result = match what {
        what::ARGS => args(),
        what::CWD => cwd(),
        what::HOSTNAME => hostname(),
        what::OS => Ok(std::env::consts::OS.into()),
        what::CPUS => std::thread::available_parallelism()
            .map(|count| count.to_string().into_bytes())
            .map_err(|e| failure::text("count", "the processors", &e)),
        what::ENV => Ok(env::all()),
        other => Err(format!("internal error: question {other} about the system")),
    };
    answer(caller, result)
}

fn args() -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    for (index, arg) in std::env::args_os().enumerate().skip(1) {
        let arg = arg.into_string();
        let arg = arg.map_err(|_| format!("argument {index} of the program isn't text in UTF-8"))?;
        all.extend_from_slice(arg.as_bytes());
        all.push(0);
    }
    Ok(all)
}

fn cwd() -> Result<Vec<u8>, String> {
    let path = std::env::current_dir().map_err(|e| failure::text("tell", "the working directory", &e))?;
    let text = path.into_os_string().into_string();
    text.map(String::into_bytes).map_err(|_| "the working directory's name isn't text in UTF-8".into())
}

fn hostname() -> Result<Vec<u8>, String> {
    let mut name = [0_u8; 256];
    // SAFETY: the room is writable for its length; its last byte stays zero.
    if unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1) } != 0 {
        return Err(failure::text("tell", "the machine's name", &Error::last_os_error()));
    }
    let name: Vec<u8> = name.into_iter().take_while(|&byte| byte != 0).collect();
    as_text(name).map_err(|cause| format!("can't tell the machine's name: {cause}"))
}

/// `system_run`
pub(crate) fn system_run(caller: &Caller, program: Text<'_>, args: Text<'_>) -> i64 {
    static AT_END: Once = Once::new();
    AT_END.call_once(|| caller.at_end(kill_all));
    caller.note_outside("other programs");
    // SAFETY: the caller lends both; they are copied before the wait.
    let result = unsafe {
        let (program, args) = (owned(program), owned(args));
        driver::run(caller, run(program, args))
    };
    match result {
        Ok((status, out, err)) => {
            caller.answer(out);
            caller.answer(err);
            status
        }
        Err(text) => {
            caller.answer(text.into_bytes());
            FAILED
        }
    }
}

/// The numbers of the programs that run.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program that runs; dropped when it has ended, or is killed.
struct Running(u32);

impl Drop for Running {
    fn drop(&mut self) {
        running().remove(&self.0);
    }
}

/// Kills what still runs, since this program ends.
fn kill_all() {
    for &id in running().iter() {
        // SAFETY: sends a signal; the number is that of a child whose end hasn't been asked for, so nobody else has it.
        unsafe { libc::kill(id as libc::pid_t, libc::SIGKILL) };
    }
}

/// Status, standard output, standard error.
async fn run(program: String, args: String) -> Result<(i64, Vec<u8>, Vec<u8>), String> {
    let mut command = Command::new(&program);
    command.args(args.split_terminator('\0')).env_clear().envs(env::table().iter());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let failed = |e| failure::text("run", &program, &e);
    let child = start_program(|| command.spawn()).map_err(failed)?;
    let entry = child.id().map(|id| {
        running().insert(id);
        Running(id)
    });
    let Output { status, stdout, stderr } = child.wait_with_output().await.map_err(failed)?;
    drop(entry);
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    let told = |stream: &str, bytes| {
        as_text(bytes).map_err(|cause| format!("can't take what {program} wrote to {stream}: {cause}"))
    };
    Ok((code.into(), told("standard output", stdout)?, told("standard error", stderr)?))
}
