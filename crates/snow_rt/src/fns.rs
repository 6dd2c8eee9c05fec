//! Which body stands behind which runtime function: one name here for each row of `snow_abi::runtime_fns`.
//!
//! Bodies take the process in place of the context that is its head. Safety, for all: the caller is compiled code of that
//! process, arguments are what the row says, references are owned or borrowed as it says.

mod asks;
mod links;
mod memory;
mod names;
mod output;
mod outside;
mod process;
mod timers;

pub(crate) use crate::copy::const_publish;
pub(crate) use crate::crash::{fail, panic};
pub(crate) use crate::list::{
    list_close, list_concat, list_gaps, list_make_unique, list_new, list_open, list_reserve_back,
    list_reserve_front,
};
pub(crate) use crate::math::{
    float_acos, float_asin, float_atan, float_atan2, float_cbrt, float_cosh, float_hypot, float_log2,
    float_log10, float_sinh, float_tan, float_tanh,
};
pub(crate) use crate::number::{
    float_parse, float_parses, float_to_fixed, float_to_str, hash_combine, int_to_str, int_to_str_base,
    pid_to_str,
};
pub(crate) use crate::observe::{proc_info_int, proc_info_pids, proc_info_text, proc_list, runtime_stat};
pub(crate) use crate::random::{random_next, random_secure, random_seed};
pub(crate) use crate::string::{
    bytes_push, bytes_utf8_end, str_byte_at, str_compare, str_concat, str_eq, str_find, str_hash, str_repeat,
    str_replace, str_slice_bytes, str_starts_with,
};
pub(crate) use crate::text::{
    atom_to_str, str_codepoint_at, str_escape, str_from_codepoint, str_graphemes_len, str_is_whitespace_at,
    str_next_grapheme, str_to_lower, str_to_upper, str_trim,
};
pub(crate) use asks::{ask_begin, ask_end, ask_error_kind, ask_error_text, ask_wait, ask_watch};
pub(crate) use links::{
    proc_demonitor, proc_exit, proc_is_alive, proc_link, proc_mark_supervisor, proc_monitor, proc_set_slot,
    proc_slot, proc_trap_exit, proc_unlink, set_terminate,
};
pub(crate) use memory::{alloc, breathe, free_large, release, stack_check};
pub(crate) use names::{proc_register, proc_takes, proc_unregister, proc_whereis, send_named};
pub(crate) use output::{eprint, exit, exit_code, flush, halt, print};
pub(crate) use outside::io_take;
pub(crate) use process::{
    block, job_element, make as make_process, monotonic_ms, monotonic_nanos, recv_kind, recv_next,
    recv_signals, recv_skip, recv_start, recv_take, self_pid, send, sleep, spawn, spawn_job, spawn_link,
    suspend, unix_nanos,
};
pub(crate) use timers::{arm, timer_cancel, timer_send_after, timer_send_every, timer_start};
