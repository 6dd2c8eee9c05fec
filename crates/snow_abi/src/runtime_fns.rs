//! The functions that the runtime offers to compiled code: one row each, expanded wherever they are needed.
//!
//! `for_each_runtime_fn!(callback)` calls `callback! { rows… }`; a row is
//! `name(param: Ty, …) -> Ty [flags];`. Symbols are `snow_rt_<name>`, C calling convention. Every function takes the
//! context as an implicit first argument. Code generation declares them, the runtime defines them, and std binds
//! them with `@runtime("name")`.
//!
//! Types: `i64`, `f64`, `bool` (a byte, 0 or 1), `ptr` (an address that isn't counted), `str`/`obj`/`list` (borrowed:
//! the callee doesn't consume the reference), `str_own`/`obj_own`/`list_own` (the callee consumes it), and as results
//! `str`, `obj` and `list` (owned by the caller), `unit`, `never`. `list` is two arguments: buffer and view, among the
//! first five words.
//!
//! Optional parts of the runtime have lists of their own (`for_each_crypto_fn!` and so on): their bodies stand in crates of
//! their own, and only programs whose code names them contain those. [`ROWS`] holds all.
//!
//! Flags: `may_switch`: another process may run before it returns; `may_crash`: it may end the process, so it holds
//! nothing that needs dropping when it does.

/// The type of an argument or result in a runtime function's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbiTy {
    /// A 64-bit integer; also atoms and pids.
    I64,
    /// A double.
    F64,
    /// A byte, 0 or 1.
    Bool,
    /// An address that isn't counted.
    Ptr,
    /// A string: borrowed as an argument, owned as a result.
    Str,
    /// A string that the callee consumes.
    StrOwn,
    /// Any counted object: borrowed as an argument, owned as a result.
    Obj,
    /// An object that the callee consumes.
    ObjOwn,
    /// A list, as buffer and view: borrowed as an argument, owned as a result.
    List,
    /// A list that the callee consumes.
    ListOwn,
    /// No result.
    Unit,
    /// Doesn't return.
    Never,
}

impl AbiTy {
    /// Whether the callee takes over the reference.
    pub const fn is_consumed(self) -> bool {
        matches!(self, AbiTy::StrOwn | AbiTy::ObjOwn | AbiTy::ListOwn)
    }
}

/// The row list; see the module's documentation.
#[macro_export]
macro_rules! for_each_runtime_fn {
    ($callback:ident) => {
        $callback! {
            // Memory
            alloc(size: i64) -> ptr [];
            release(object: ptr) -> unit [];
            free_large(object: ptr, size: i64) -> unit [];
            const_publish(desc: i64, from: ptr, to: ptr) -> unit [];

            // Stack and pre-emption: called when the stack pointer is below the context's limit
            stack_check() -> unit [may_switch, may_crash];

            // Failure
            panic(message: str_own, location: ptr) -> never [may_crash];
            fail(kind: i64, a: i64, b: i64, location: ptr) -> never [may_crash];

            // Lists: `reserve_*` give a list that alone holds its buffer, with room for `n` more at that end and the
            // view's elements being all that is there
            list_new(desc: i64, capacity: i64) -> list [];
            list_reserve_back(xs: list_own, n: i64) -> list [];
            list_reserve_front(xs: list_own, n: i64) -> list [];
            list_make_unique(xs: list_own) -> list [];
            list_concat(a: list_own, b: list) -> list [];
            // A gap at an index, as after `list_move_out`; and without such a gap: both on a list that the
            // result alone holds
            list_open(xs: list_own, index: i64) -> list [];
            list_close(xs: list_own, index: i64) -> list [];
            // In place of an empty list one of gaps: n, and as many more as there is room for anyway
            list_gaps(none: list_own, n: i64) -> list [];

            // Strings
            str_concat(a: str_own, b: str) -> str [];
            str_eq(a: str, b: str) -> bool [];
            str_compare(a: str, b: str) -> i64 [];
            str_hash(a: str) -> i64 [];
            str_graphemes_len(a: str) -> i64 [];
            str_next_grapheme(a: str, from_byte: i64) -> i64 [];
            str_slice_bytes(a: str, from_byte: i64, to_byte: i64) -> str [];
            str_starts_with(a: str, prefix: str) -> bool [];
            str_find(a: str, needle: str, from_byte: i64) -> i64 [];
            str_byte_at(a: str, index: i64) -> i64 [];
            str_codepoint_at(a: str, byte: i64) -> i64 [];
            str_from_codepoint(code: i64) -> str [];
            str_to_upper(a: str) -> str [];
            str_to_lower(a: str) -> str [];
            str_repeat(a: str, n: i64) -> str [];
            str_replace(a: str, what: str, with: str) -> str [];
            str_trim(a: str, start: bool, end: bool) -> str [];
            str_escape(a: str) -> str [];
            str_is_whitespace_at(a: str, byte: i64) -> bool [];
            bytes_push(a: str_own, byte: i64) -> str [];
            bytes_utf8_end(a: str) -> i64 [];
            int_to_str(n: i64) -> str [];
            int_to_str_base(n: i64, base: i64) -> str [];
            float_to_str(x: f64) -> str [];
            float_to_fixed(x: f64, digits: i64) -> str [];
            float_parses(a: str) -> bool [];
            float_parse(a: str) -> f64 [];
            float_tan(x: f64) -> f64 [];
            float_asin(x: f64) -> f64 [];
            float_acos(x: f64) -> f64 [];
            float_atan(x: f64) -> f64 [];
            float_sinh(x: f64) -> f64 [];
            float_cosh(x: f64) -> f64 [];
            float_tanh(x: f64) -> f64 [];
            float_cbrt(x: f64) -> f64 [];
            float_log2(x: f64) -> f64 [];
            float_log10(x: f64) -> f64 [];
            float_atan2(y: f64, x: f64) -> f64 [];
            float_hypot(x: f64, y: f64) -> f64 [];
            atom_to_str(a: i64) -> str [];
            pid_to_str(pid: i64) -> str [];
            hash_combine(a: i64, b: i64) -> i64 [];

            // Output
            print(text: str) -> unit [may_switch];
            eprint(text: str) -> unit [may_switch];
            flush() -> unit [may_switch];

            // Waits for what happens outside: the next text that the last such call has left, "" when it has left none
            io_take() -> str [];

            // Processes. `args`/`state` point at values laid out by the description's `state_desc`
            self_pid() -> i64 [];
            spawn(recv: ptr, args: ptr) -> i64 [];
            send(pid: i64, desc: i64, message: ptr) -> unit [];
            suspend(recv: ptr, timeout_ms: i64) -> ptr [];
            recv_start(timeout_ms: i64) -> unit [];
            recv_next() -> ptr [may_switch, may_crash];
            recv_take() -> unit [];
            recv_skip() -> unit [];
            sleep(ms: i64) -> unit [may_switch];
            // Milliseconds of a clock that never goes back
            monotonic_ms() -> i64 [];
            monotonic_nanos() -> i64 [];
            // Nanoseconds since 1970-01-01T00:00:00Z by the system's clock, which may be set
            unix_nanos() -> i64 [];
            // The status of the program when it ends without a crash
            exit_code(code: i64) -> unit [];
            // Ends the program at once, with output flushed
            halt(code: i64) -> never [];
            // Ends the program in order
            exit(code: i64) -> never [may_switch, may_crash];

            // Signals. `recv_kind`: what the message under the handler, or behind the last `recv_next`, is, of
            // `layout::signal_kind`. `recv_signals`, directly after `recv_start`: the kinds (bits `1 << kind`) that this receive
            // has arms for; without it, `recv_next` gives messages only
            recv_kind() -> i64 [];
            recv_signals(kinds: i64) -> unit [];

            // Links, monitors, exits. A pid given as text shows nothing; `kind` is of `layout::exit_kind`, `text` its text or ""
            spawn_link(recv: ptr, args: ptr) -> i64 [];
            proc_link(pid: i64) -> unit [may_crash];
            proc_unlink(pid: i64) -> unit [may_crash];
            proc_monitor(pid: i64) -> i64 [];
            proc_demonitor(reference: i64) -> unit [];
            proc_trap_exit(on: bool) -> unit [];
            proc_exit(pid: i64, kind: i64, text: str) -> unit [may_switch, may_crash];
            proc_is_alive(pid: i64) -> bool [];
            // The parameters for `recv`'s handler, which runs when the process ends; earlier ones are dropped. Null: nothing runs
            set_terminate(recv: ptr) -> ptr [];
            // This process is a supervisor. Those that no supervisor has spawned are stopped in reverse order when the
            // program ends
            proc_mark_supervisor() -> unit [];

            // Timers: numbers of armed timers as results. They belong to the process that arms them; `desc` is a Value description
            timer_send_after(pid: i64, ms: i64, desc: i64, message: ptr) -> i64 [];
            timer_send_every(pid: i64, ms: i64, desc: i64, message: ptr) -> i64 [];
            timer_start(ms: i64) -> i64 [];
            timer_cancel(reference: i64) -> bool [];

            // Names. `register` fails when the name is taken or the process has ended; `fingerprint` 0: any process
            proc_register(name: str, pid: i64) -> bool [];
            proc_unregister(name: str) -> unit [];
            proc_whereis(name: str, fingerprint: i64) -> i64 [];
            // Whether a living process takes messages of the type with that fingerprint; 0: any
            proc_takes(pid: i64, fingerprint: i64) -> bool [];
            send_named(name: str, fingerprint: i64, desc: i64, message: ptr) -> unit [may_crash];

            // One-shot addresses. `ask_begin`: an address that `send` takes like a pid, once; `target` is watched (-1: none
            // yet, see `ask_watch`). `ask_wait`: the answer's value, which is read at once; null: none came, for
            // the reason that `ask_error_kind` and `ask_error_text` tell (a time limit: `Custom("timeout")`, and the address
            // stays). `ask_end` gives the address up
            ask_begin(target: i64) -> i64 [];
            ask_watch(address: i64, target: i64) -> unit [];
            ask_wait(address: i64, timeout_ms: i64) -> ptr [may_switch, may_crash];
            ask_end(address: i64) -> unit [];
            ask_error_kind() -> i64 [];
            ask_error_text() -> str [];

            // What is there. `into` is an empty list of pids. `what` is of `proc_info`, `runtime_stat`; -1: no such process
            // or worker
            proc_list(into: list_own) -> list [];
            proc_info_int(pid: i64, what: i64) -> i64 [];
            proc_info_text(pid: i64, what: i64) -> str [];
            proc_info_pids(pid: i64, what: i64, into: list_own) -> list [];
            runtime_stat(what: i64, worker: i64) -> i64 [];

            // A process that ends with its maker, counts as work, and whose crash report waits until its maker asks (its end shows
            // in an `ask_wait` whose address watches it) or ends
            spawn_job(recv: ptr, args: ptr) -> i64 [];
            // This job is at the element of that index: if it crashes, the reason tells
            job_element(index: i64) -> unit [];
            // Random numbers of this process: 64 bits; starting afresh from a seed; bytes that nobody can guess
            random_next() -> i64 [];
            random_seed(seed: i64) -> unit [];
            random_secure(count: i64) -> str [];
            // A number that a process keeps, 0 at first: for time limits of services
            proc_set_slot(value: i64) -> unit [];
            proc_slot() -> i64 [];
        }
    };
}

/// The rows of the optional part for hashes and authentication codes; see the module's documentation.
#[macro_export]
macro_rules! for_each_crypto_fn {
    ($callback:ident $($before:tt)*) => {
        $callback! {
            $($before)*
            // Of bytes; the results are bytes
            crypto_sha256(data: str) -> str [];
            crypto_sha512(data: str) -> str [];
            crypto_sha1(data: str) -> str [];
            crypto_md5(data: str) -> str [];
            crypto_hmac_sha256(key: str, data: str) -> str [];
            crypto_crc32(data: str) -> i64 [];
            crypto_constant_time_eq(a: str, b: str) -> bool [];
        }
    };
}

/// The rows of the optional part for regular expressions.
#[macro_export]
macro_rules! for_each_regex_fn {
    ($callback:ident $($before:tt)*) => {
        $callback! {
            $($before)*
            // "" when the pattern is one, else what is wrong with it
            regex_problem(pattern: str) -> str [may_switch, may_crash];
            // Whether it matches anywhere in the text
            regex_is_match(pattern: str, text: str) -> bool [may_switch, may_crash];
            // Start and end, in bytes, of the first match at or behind `from`, or those of all its groups (-1, -1 for one that took no
            // part), put into the empty list; nothing: there is none
            regex_find(into: list_own, pattern: str, text: str, from: i64, groups: bool) -> list [may_switch, may_crash];
            // The same of all matches, one after another
            regex_all(into: list_own, pattern: str, text: str, groups: bool) -> list [may_switch, may_crash];
            // The number of the group of that name; -1: there is none
            regex_group_number(pattern: str, name: str) -> i64 [may_crash];
            // The names of the groups from 1 on, each with a line end behind it; "" for one without a name
            regex_group_names(pattern: str) -> str [may_crash];
        }
    };
}

/// The rows of the optional part for dates and time zones.
#[macro_export]
macro_rules! for_each_time_fn {
    ($callback:ident $($before:tt)*) => {
        $callback! {
            $($before)*
            // Moments are seconds since 1970 with nanoseconds; a zone is "UTC", a name, or an offset like "+02:00".
            // Whether there is such a zone
            time_zone_known(zone: str) -> bool [];
            // Year, month, day, hour, minute, second, weekday (1: Monday), day of the year, offset in seconds; nothing:
            // out of range
            time_civil(zone: str, seconds: i64, into: list_own) -> list [];
            // Seconds of a moment given as year, month, day, hour, minute, second; nothing: there is no such date
            time_from_civil(zone: str, civil: list, into: list_own) -> list [];
            // The moment so many months and days later on the calendar; nothing: out of range
            time_add(zone: str, into: list_own, seconds: i64, months: i64, days: i64) -> list [];
            // RFC 3339
            time_format(zone: str, seconds: i64, nanos: i64) -> str [];
            // Seconds, nanoseconds, offset in seconds; nothing: no such text
            time_parse(text: str, into: list_own) -> list [];
            // By a pattern of strftime; "" where the pattern is none
            time_strftime(zone: str, seconds: i64, nanos: i64, pattern: str) -> str [];
        }
    };
}

// One macro can't expand to a part of another's arguments, so each list hands what it got on to the next.
macro_rules! then_crypto {
    ($($rows:tt)*) => { $crate::for_each_crypto_fn! { then_regex $($rows)* } };
}
macro_rules! then_regex {
    ($($rows:tt)*) => { $crate::for_each_regex_fn! { then_time $($rows)* } };
}
macro_rules! then_time {
    ($($rows:tt)*) => { $crate::for_each_time_fn! { then_io $($rows)* } };
}
macro_rules! then_io {
    ($($rows:tt)*) => { $crate::for_each_io_fn! { define_table $($rows)* } };
}

/// Maps a row's type word to an [`AbiTy`].
#[macro_export]
macro_rules! abi_ty {
    (i64) => {
        $crate::AbiTy::I64
    };
    (f64) => {
        $crate::AbiTy::F64
    };
    (bool) => {
        $crate::AbiTy::Bool
    };
    (ptr) => {
        $crate::AbiTy::Ptr
    };
    (str) => {
        $crate::AbiTy::Str
    };
    (str_own) => {
        $crate::AbiTy::StrOwn
    };
    (obj) => {
        $crate::AbiTy::Obj
    };
    (obj_own) => {
        $crate::AbiTy::ObjOwn
    };
    (list) => {
        $crate::AbiTy::List
    };
    (list_own) => {
        $crate::AbiTy::ListOwn
    };
    (unit) => {
        $crate::AbiTy::Unit
    };
    (never) => {
        $crate::AbiTy::Never
    };
}

macro_rules! define_table {
    ($($name:ident($($param:ident: $ty:ident),*) -> $ret:ident [$($flag:ident),*];)*) => {
        /// A runtime function, as an index into [`ROWS`].
        #[expect(non_camel_case_types, reason = "variants are spelled as the functions are")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum RuntimeFn {
            $(
                #[doc = concat!("`snow_rt_", stringify!($name), "`")]
                $name,
            )*
        }

        /// All rows in the order of [`RuntimeFn`].
        pub static ROWS: &[Row] = &[
            $(Row {
                function: RuntimeFn::$name,
                name: stringify!($name),
                symbol: concat!("snow_rt_", stringify!($name)),
                params: &[$($crate::abi_ty!($ty)),*],
                takes_location: is_location(&[$(stringify!($param)),*]),
                ret: $crate::abi_ty!($ret),
                flags: &[$(stringify!($flag)),*],
            },)*
        ];
    };
}

/// One runtime function.
#[derive(Debug)]
pub struct Row {
    /// Which.
    pub function: RuntimeFn,
    /// Its name in `@runtime("…")`.
    pub name: &'static str,
    /// Its symbol.
    pub symbol: &'static str,
    /// Its parameters, without the context that comes first.
    pub params: &'static [AbiTy],
    /// Whether its last parameter is the address of a `Location`, which the backend supplies.
    pub takes_location: bool,
    /// Its result.
    pub ret: AbiTy,
    /// Its flags.
    pub flags: &'static [&'static str],
}

/// Whether the last of these parameters is called `location`.
const fn is_location(params: &[&str]) -> bool {
    let [.., last] = params else { return false };
    matches!(last.as_bytes(), b"location")
}

for_each_runtime_fn!(then_crypto);

/// A list that no longer fits into registers as a whole would be passed in memory by C, but half and half by code
/// generation.
const fn lists_fit_registers(row: &Row) -> bool {
    let (mut at, mut words) = (0, 1);
    while at < row.params.len() {
        let is_list = matches!(row.params[at], AbiTy::List | AbiTy::ListOwn);
        words += if is_list { 2 } else { 1 };
        if is_list && words > 6 {
            return false;
        }
        at += 1;
    }
    true
}

const _: () = {
    let mut at = 0;
    while at < ROWS.len() {
        assert!(lists_fit_registers(&ROWS[at]), "a list stands too far behind in a row");
        at += 1;
    }
};

impl RuntimeFn {
    /// Its row. O(1).
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The function of that name. O(rows).
    pub fn by_name(name: &str) -> Option<RuntimeFn> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.function)
    }
}

/// What is asked of a process, the last argument of `proc_info_int`, `proc_info_text` and `proc_info_pids`.
pub mod proc_info {
    /// Int: messages in its mailbox.
    pub const MAILBOX: i64 = 0;
    /// Int: bytes of its heap.
    pub const HEAP: i64 = 1;
    /// Int: microseconds that it has run, about.
    pub const RUN_TIME: i64 = 2;
    /// Int: 0 waiting, 1 ready to run, 2 running.
    pub const STATE: i64 = 3;
    /// Text: its registered name; "" without one.
    pub const NAME: i64 = 0;
    /// Text: the actor or function that it started with.
    pub const ACTOR: i64 = 1;
    /// Pids: those it is linked to.
    pub const LINKS: i64 = 0;
    /// Pids: those it watches.
    pub const WATCHING: i64 = 1;
    /// Pids: those that watch it.
    pub const WATCHERS: i64 = 2;
}

/// What is asked of the runtime, the first argument of `runtime_stat`.
pub mod runtime_stat {
    /// Living processes.
    pub const PROCESSES: i64 = 0;
    /// Workers.
    pub const WORKERS: i64 = 1;
    /// Processes in the queue of the worker that the second argument names.
    pub const QUEUE: i64 = 2;
    /// Bytes of memory that the program takes up.
    pub const MEMORY: i64 = 3;
}

/// The kinds of builtin failures, the first argument of `fail`; `a` and `b` are numbers that the text shows.
pub mod fail_kind {
    /// `integer overflow`
    pub const OVERFLOW: i64 = 0;
    /// `division by zero`
    pub const DIVISION_BY_ZERO: i64 = 1;
    /// `index a out of range for a list of length b`
    pub const INDEX: i64 = 2;
    /// A `case`, function or closure for whose argument no clause stands. The checker rules it out; reaching it is an internal
    /// error of the compiler.
    pub const UNREACHABLE: i64 = 3;
    /// `shift by a: it must be 0 to 63`
    pub const SHIFT: i64 = 4;
}
