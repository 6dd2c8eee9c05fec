//! Which modules does the standard library have, and what is their text?
//!
//! The sources under `std/src`, embedded, so that compiler, editor and tests read the same bytes. Nothing is
//! parsed here. A test compares the list with the directory.

macro_rules! modules {
    ($($module:literal => $file:literal,)*) => {
        static FILES: &[(&str, &str)] =
            &[$(($module, include_str!(concat!("../../../std/src/", $file))),)*];

        /// The file of each module, relative to `std/src`, in the order of [`files`].
        pub static PATHS: &[&str] = &[$($file,)*];
    };
}

modules! {
    "Atom" => "atom.snow",
    "Bool" => "bool.snow",
    "Bytes" => "bytes.snow",
    "Crypto" => "crypto.snow",
    "DateTime" => "date_time.snow",
    "Derive" => "derive.snow",
    "Duration" => "duration.snow",
    "Env" => "env.snow",
    "ExitReason" => "exit_reason.snow",
    "File" => "file.snow",
    "Float" => "float.snow",
    "Instant" => "instant.snow",
    "Int" => "int.snow",
    "IO" => "io.snow",
    "Iter" => "iter.snow",
    "Job" => "job.snow",
    "List" => "list.snow",
    "Map" => "map.snow",
    "Math" => "math.snow",
    "Never" => "never.snow",
    "Ops" => "ops.snow",
    "Option" => "option.snow",
    "Ordering" => "ordering.snow",
    "Path" => "path.snow",
    "Pid" => "pid.snow",
    "Prelude" => "prelude.snow",
    "Process" => "process.snow",
    "Queue" => "queue.snow",
    "Random" => "random.snow",
    "Range" => "range.snow",
    "Regex" => "regex.snow",
    "Result" => "result.snow",
    "Runtime" => "runtime.snow",
    "Service" => "service.snow",
    "Set" => "set.snow",
    "String" => "string.snow",
    "Supervisor" => "supervisor.snow",
    "Time" => "time.snow",
    "System" => "system.snow",
    "Timer" => "timer.snow",
    "Tuple" => "tuple.snow",
}

/// All modules: the module's path (`List`) and its text.
pub fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

#[cfg(test)]
mod tests;
