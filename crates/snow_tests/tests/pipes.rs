//! Pipes whose other end is slow: the process that reads or writes waits, others run, also where there is one worker. A signal that
//! ends the program loses nothing that was printed into one.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use snow_tests::exec::{LIMIT, run, snow, snow_binary};

/// A program that runs with pipes at all three ends; it is killed when it takes too long.
struct Program {
    child: Arc<Mutex<Child>>,
    _folder: tempfile::TempDir,
    /// Dropped when the test is through.
    _over: Sender<()>,
}

impl Program {
    /// Starts a program on one worker.
    fn start(source: &str) -> Program {
        let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("pipes.snow"), source).expect("it can be written");
        let mut command = snow(&binary, folder.path(), ["run", "pipes.snow"]);
        command.env("SNOW_WORKERS", "1").env("SNOW_CHECK", "leaks");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = Arc::new(Mutex::new(command.spawn().expect("it starts")));
        let (over, is_over) = channel::<()>();
        let watched = child.clone();
        std::thread::spawn(move || {
            if is_over.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                // If it has ended, there is nothing to kill.
                let _ = watched.lock().map(|mut child| child.kill());
            }
        });
        Program { child, _folder: folder, _over: over }
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().expect("nobody fails with the lock")
    }

    fn stdin(&self) -> ChildStdin {
        self.child().stdin.take().expect("a pipe")
    }

    fn stdout(&self) -> BufReader<ChildStdout> {
        BufReader::new(self.child().stdout.take().expect("a pipe"))
    }

    fn stderr(&self) -> BufReader<ChildStderr> {
        BufReader::new(self.child().stderr.take().expect("a pipe"))
    }

    /// The exit code; the outputs have been read to their ends.
    fn code(&self) -> Option<i32> {
        self.child().wait().expect("it ends").code()
    }
}

fn line(from: &mut impl BufRead) -> String {
    let mut line = String::new();
    from.read_line(&mut line).expect("it can be read");
    line
}

fn rest(mut from: impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).expect("it can be read");
    text
}

const SPAM: &str = "
actor late() do
  Timer.sleep(300)
  eprintln(\"others run\")
end

fn spam(n :: Int) -> () do
  if n > 0 do
    println(\"line ${n}\")
    spam(n - 1)
  end
end

fn main() do
  spawn(late)
  spam(50000)
  eprintln(\"all is printed\")
end
";

#[test]
fn a_slow_reader_keeps_only_the_one_who_prints_waiting() {
    let program = Program::start(SPAM);
    let mut errors = program.stderr();
    // Nothing is read of the output yet, which is far more than a pipe and the buffers hold.
    assert_eq!(line(&mut errors), "others run\n");
    let expected: String = (1..=50000).rev().map(|n| format!("line {n}\n")).collect();
    let text = rest(program.stdout());
    assert!(text == expected, "{} bytes", text.len());
    assert_eq!(rest(errors), "all is printed\n");
    assert_eq!(program.code(), Some(0));
}

const ECHO: &str = "
actor ticker(n :: Int) do
  Timer.sleep(1)
  if n == 3 do
    println(\"others run\")
    IO.flush()
  end
  ticker(n + 1)
end

fn main() do
  let ticker = spawn(ticker, 0)
  println(IO.read_line().inspect())
  IO.flush()
  println(IO.read_line().inspect())
  println(IO.read_line().inspect())
  Process.exit(ticker.id(), Killed)
end
";

#[test]
fn a_process_that_waits_for_input_keeps_no_other_waiting() {
    let program = Program::start(ECHO);
    let (mut input, mut output) = (program.stdin(), program.stdout());
    assert_eq!(line(&mut output), "others run\n");
    // A line in two pieces, and the start of the next.
    for piece in ["on", "e\ntw"] {
        input.write_all(piece.as_bytes()).expect("it can be written");
        std::thread::sleep(Duration::from_millis(30));
    }
    assert_eq!(line(&mut output), "Ok(\"one\")\n");
    drop(input);
    assert_eq!(rest(output), "Ok(\"tw\")\nErr(\"the input has ended\")\n");
    assert_eq!(program.code(), Some(0));
}

const CLOSED: &str = "
fn main() do
  let folder = File.temp_dir().unwrap()
  let path = folder <> \"/a\"
  let lines = File.lines(\"main.snow\").unwrap()
  println(\"printed\")
  IO.flush()
  assert(File.write(path, \"kept\").is_ok())
  assert_eq(File.read(path), Ok(\"kept\"))
  assert(lines.count() > 10)
  assert(IO.read_line().is_err())
  assert(File.remove_dir_all(folder).is_ok())
end
";

#[test]
fn a_program_without_streams_prints_into_no_file() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("main.snow"), CLOSED).expect("it can be written");
    let built = snow(&binary, folder.path(), ["build", "-o", "program", "main.snow"]).status();
    assert!(built.expect("it starts").success());
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "./program <&- >&- 2>&-"]).current_dir(folder.path());
    assert_eq!(run(&mut command, LIMIT).expect("it ends").code, Some(0));
}

const TREE: &str = "
actor worker(name :: String) do
  receive do
    :never -> worker(name)
  end
terminate do
  println(\"- ${name}\")
end
end

fn begin(name :: String) -> Pid<Atom> do
  println(\"+ ${name}\")
  spawn_link(worker, name)
end

supervisor Leaf do
  strategy: one_for_one
  child a do start: fn -> begin(\"leaf a\") end end
  child b do start: fn -> begin(\"leaf b\") end end
end

supervisor Branch do
  strategy: rest_for_one
  child a do start: fn -> begin(\"branch a\") end end
  child leaf do
    start: fn -> Leaf.start_link() end
    shutdown: infinity
  end
  child b do start: fn -> begin(\"branch b\") end end
end

supervisor Tree do
  strategy: one_for_all
  child a do start: fn -> begin(\"tree a\") end end
  child branch do
    start: fn -> Branch.start_link() end
    shutdown: infinity
  end
end

fn main() do
  spawn(Tree)
  Timer.sleep(200)
  eprintln(\"all started\")
  Timer.sleep(60000)
  println(\"not to be seen\")
end
";

#[test]
fn a_signal_stops_all_levels_in_reverse_order_and_loses_no_output() {
    let program = Program::start(TREE);
    let mut errors = program.stderr();
    assert_eq!(line(&mut errors), "all started\n");
    let id = program.child().id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("it runs").success());
    let names = ["tree a", "branch a", "leaf a", "leaf b", "branch b"];
    let started = names.iter().map(|name| format!("+ {name}\n"));
    let stopped = names.iter().rev().map(|name| format!("- {name}\n"));
    assert_eq!(rest(program.stdout()), started.chain(stopped).collect::<String>());
    assert_eq!(rest(errors), "");
    assert_eq!(program.code(), Some(143));
}
