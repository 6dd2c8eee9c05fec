//! The runtime functions of the optional part for input and output: rows as in [`crate::runtime_fns`].
//!
//! All of them wait without blocking a worker. Each tells by its result whether it worked (`bool`; or a number, which is
//! [`FAILED`] otherwise) and leaves texts that `io_take` gives in order: what was asked for, or why it failed.

/// The result of a call that didn't work.
pub const FAILED: i64 = -1;

/// The row list; see the module's documentation. What stands behind the callback's name is handed to it first.
#[macro_export]
macro_rules! for_each_io_fn {
    ($callback:ident $($before:tt)*) => {
        $callback! {
            $($before)*
            // Standard input. `what` is of `stdin_part`. A number: 1: leaves a text; 0: the end was reached before
            stdin_read(what: i64) -> i64 [may_switch, may_crash];

            // Files. `as_text`: fails where the bytes aren't UTF-8
            file_read(path: str, as_text: bool) -> bool [may_switch, may_crash];
            file_write(path: str, content: str, how: i64) -> bool [may_switch, may_crash];
            // `what` is of `file_change`
            file_change(what: i64, path: str, to: str) -> bool [may_switch, may_crash];
            // `what` is of `file_question`
            file_ask(what: i64, path: str) -> i64 [may_switch, may_crash];
            // Leaves the names in a directory, in order, a zero byte behind each
            file_list(path: str) -> bool [may_switch, may_crash];
            // Makes an empty directory with a name of its own
            file_temp_dir() -> bool [may_switch, may_crash];
            // Opens a file to read its lines; its number
            file_open(path: str) -> i64 [may_switch, may_crash];
            // Line `index` (from 0) of a file that this process has opened; lines come once, in order. 1: leaves it;
            // 0: the end, and the file is closed
            file_line(number: i64, index: i64) -> i64 [may_switch, may_crash];

            // The system. `what` is of `system_text`
            system_text(what: i64) -> bool [];
            env_get(name: str) -> i64 [];
            env_set(name: str, value: str) -> unit [];
            // Runs a program to its end; `args`: each with a zero byte behind it. Its status, or 128 and the signal that ended
            // it; leaves its standard output and its standard error
            system_run(program: str, args: str) -> i64 [may_switch, may_crash];
        }
    };
}

/// What is read of standard input.
pub mod stdin_part {
    /// A line, without its end.
    pub const LINE: i64 = 0;
    /// All that is left.
    pub const ALL: i64 = 1;
}

/// How a file is written.
pub mod file_write {
    /// In place of what was there, all at once.
    pub const REPLACE: i64 = 0;
    /// Behind what is there.
    pub const APPEND: i64 = 1;
}

/// What is done to a path.
pub mod file_change {
    /// Removes a file.
    pub const DELETE: i64 = 0;
    /// Moves it to another path.
    pub const RENAME: i64 = 1;
    /// Copies a file to another path.
    pub const COPY: i64 = 2;
    /// Makes a directory.
    pub const MAKE_DIR: i64 = 3;
    /// Makes a directory and those above it, as far as they aren't there.
    pub const MAKE_DIR_ALL: i64 = 4;
    /// Removes a directory with all that is in it.
    pub const REMOVE_DIR_ALL: i64 = 5;
}

/// What is asked about a path.
pub mod file_question {
    /// 1: something is there.
    pub const EXISTS: i64 = 0;
    /// 1: a directory is there.
    pub const IS_DIR: i64 = 1;
    /// Bytes of a file.
    pub const SIZE: i64 = 2;
}

/// What is known of the system and of the program's surroundings.
pub mod system_text {
    /// The program's arguments, a zero byte behind each.
    pub const ARGS: i64 = 0;
    /// The working directory.
    pub const CWD: i64 = 1;
    /// The machine's name.
    pub const HOSTNAME: i64 = 2;
    /// The operating system: `linux`, `macos`.
    pub const OS: i64 = 3;
    /// How many processors may be used, as a number's text.
    pub const CPUS: i64 = 4;
    /// All variables of the environment whose value is text: name, zero byte, value, zero byte.
    pub const ENV: i64 = 5;
}
