//! Memory layouts shared by compiled code and runtime.
//!
//! # Values
//! A value of any type is a fixed sequence of *slots*: 64-bit integers, doubles, bytes (Bool, tags) and
//! *references*. A reference slot is either
//! - `0` (a nullary case packed into a nullable reference, or a slot that the present variant doesn't use),
//! - `1..=MAX_IMMEDIATE` (a variant without parts of a boxed sum type: its tag plus one),
//! - or the address of an object that starts with an [`ObjHeader`].
//!
//! A slot is a reference in every variant of a sum type or in none, so counting, freeing and copying never look
//! at a tag.
//!
//! # Counts
//! `rc` is the number of references to the object from its own process. A negative count marks an immortal object
//! (literals, constants): it is never written to. Only the owning process touches `rc`, so it isn't atomic.

use core::sync::atomic::AtomicUsize;

/// The greatest reference that is a tag and not an address.
pub const MAX_IMMEDIATE: usize = 4095;

/// The count of immortal objects.
pub const IMMORTAL: i32 = i32::MIN;

/// The head of every counted object.
#[repr(C)]
#[derive(Debug)]
pub struct ObjHeader {
    /// References to the object; negative: immortal.
    pub rc: i32,
    /// `desc << 8 | tag`: an index into [`Program::descs`], and the variant for boxed sum types.
    pub meta: u32,
}

impl ObjHeader {
    /// Packs a description's index and a variant's number.
    pub const fn meta(desc: u32, tag: u8) -> u32 {
        desc << 8 | tag as u32
    }
}

/// What kind of object a [`TypeDesc`] describes.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescKind {
    /// Not an object: a value stored in place (an element, a message, a saved state).
    Value = 0,
    /// An object of fixed size: header, then a payload at [`CELL_PAYLOAD`]. Boxed structs, tuples, variants, closures.
    Cell = 1,
    /// A [`ListBuf`]; `size` and `refs` speak of one element.
    ListBuf = 2,
    /// A [`StrObj`]. Its description has index [`STR_DESC`] in every program. Also the object behind `Bytes`.
    Str = 3,
}

/// The index of the description of strings and bytes.
pub const STR_DESC: u32 = 0;

/// What the runtime must know to free, copy and report values and objects of one monomorphic type.
#[repr(C)]
#[derive(Debug)]
pub struct TypeDesc {
    /// Bytes: of the value (`Value`), of the whole cell with its header (`Cell`), of one element (`ListBuf`).
    pub size: u32,
    /// How many entries `refs` has.
    pub ref_count: u16,
    /// What it describes.
    pub kind: DescKind,
    /// Not used; zero.
    pub reserved: u8,
    /// Offsets in bytes of the reference slots, ascending: from the value's start (`Value`, `ListBuf`: from the
    /// element's), from the cell's start, header included (`Cell`). Offsets are multiples of 8; to that of a slot which, in
    /// every value, is a list's buffer (or 0) and is followed by the list's view, [`REF_LIST`] is added.
    pub refs: *const u16,
    /// The type's name for reports, UTF-8.
    pub name: *const u8,
    /// Its length in bytes.
    pub name_len: usize,
}

// SAFETY: descriptions are constants of the program; nothing writes to them.
unsafe impl Sync for TypeDesc {}

/// See [`TypeDesc::refs`].
pub const REF_LIST: u16 = 1;

/// Where a cell's payload starts.
pub const CELL_PAYLOAD: usize = 8;

/// A closure is a cell whose payload starts with the address of its code, `fn(ctx, closure, args…)`; captured
/// values follow. A function named as a value is an immortal closure without captures.
pub const CLOSURE_CODE: usize = 8;

/// Where a closure's captured values start.
pub const CLOSURE_CAPTURES: usize = 16;

/// The buffer behind lists. A list value is two slots: a reference to its buffer (never 0) and an integer
/// `offset | length << 32`: the elements `offset..offset + length` of the buffer. Several lists may look at one
/// buffer. The buffer owns the elements `lo..hi`.
#[repr(C)]
#[derive(Debug)]
pub struct ListBuf {
    /// The object's head.
    pub header: ObjHeader,
    /// The first element that is there.
    pub lo: u32,
    /// The end of the elements that are there.
    pub hi: u32,
    /// How many elements there is room for.
    pub cap: u32,
    /// Not used; zero.
    pub reserved: u32,
}

/// Where a buffer's elements start.
pub const LIST_ELEMENTS: usize = 24;

/// A list as it is passed to and from the runtime.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ListVal {
    /// Its buffer.
    pub buf: *mut ListBuf,
    /// `offset | length << 32`.
    pub view: u64,
}

impl ListVal {
    /// Packs offset and length.
    pub const fn view(offset: u32, len: u32) -> u64 {
        offset as u64 | (len as u64) << 32
    }
    /// The index in the buffer of the first element.
    pub const fn offset(self) -> u32 {
        self.view as u32
    }
    /// How many elements.
    pub const fn len(self) -> u32 {
        (self.view >> 32) as u32
    }
    /// Whether it has none.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A string or bytes. `data` points behind the object itself (short ones and literals' own storage) or into a
/// shared buffer outside the heap; compiled code reads `len` and `data` and nothing else.
#[repr(C)]
#[derive(Debug)]
pub struct StrObj {
    /// The object's head.
    pub header: ObjHeader,
    /// Length in bytes.
    pub len: usize,
    /// The bytes; valid UTF-8 in strings.
    pub data: *const u8,
    /// Room for bytes in this object (0 in literals and views); the runtime's own business.
    pub cap: usize,
}

/// Where the bytes of a string that holds them itself start.
pub const STR_INLINE: usize = 32;

/// A place in the source, for crash reports.
#[repr(C)]
#[derive(Debug)]
pub struct Location {
    /// The file's path as the user knows it, UTF-8.
    pub file: *const u8,
    /// Its length in bytes.
    pub file_len: usize,
    /// From 1.
    pub line: u32,
    /// From 1, in code points.
    pub col: u32,
    /// The Snow function, UTF-8.
    pub function: *const u8,
    /// Its length in bytes.
    pub function_len: usize,
}

/// What a handler answers to the worker.
pub mod status {
    /// The process has ended normally.
    pub const DONE: i64 = 0;
    /// The process has saved a state with `suspend` and waits.
    pub const WAITING: i64 = 1;
    /// No arm takes the message; state and message are untouched.
    pub const UNMATCHED: i64 = 2;
}

/// `handler(ctx, state, message)`; `message` is null when the process starts or its time limit is over. Compiled
/// with the C calling convention; answers a [`status`].
pub type Handler = unsafe extern "C" fn(ctx: *mut Ctx, state: *mut u8, message: *mut u8) -> i64;

/// One place where a process can wait without a stack, or start: code and the shape of what is saved there.
#[repr(C)]
#[derive(Debug)]
pub struct RecvDesc {
    /// The code.
    pub handler: Handler,
    /// Description (kind `Value`) of the saved state.
    pub state_desc: u32,
    /// Description (kind `Value`) of the messages of the process, or [`NO_MESSAGES`].
    pub msg_desc: u32,
    /// The actor or function, for reports; UTF-8. Where a process starts: what it is called.
    pub name: *const u8,
    /// Its length in bytes.
    pub name_len: usize,
    /// Where a process starts: names the type of its messages, the same in every program in which the type means the same
    /// (a hash of its full name and of all definitions that belong to it, never 0); 0: it takes none.
    pub fingerprint: u64,
    /// A bit `1 << kind` for kinds of [`signal_kind`]. Where a process starts: those that some arm of it takes, anywhere; others
    /// never get into its mailbox. Where it waits: those that an arm of this very receive takes; others are not offered to
    /// the handler. Messages are always offered.
    pub signals: u32,
    /// [`TERMINATES`] or 0.
    pub flags: u32,
    /// How a report shows messages of the process: see [`crate::shape`]; null: it takes none, or reports don't
    /// speak of them.
    pub shape: *const u8,
}

// SAFETY: a constant of the program; nothing writes to it.
unsafe impl Sync for RecvDesc {}

/// In [`RecvDesc::flags`]: a process that starts here has a `terminate` clause as soon as it runs.
pub const TERMINATES: u32 = 1;

/// What a message under a handler, or behind `recv_next`, is: the answer of `recv_kind`.
pub mod signal_kind {
    /// An ordinary message, described by [`super::RecvDesc::msg_desc`].
    pub const MESSAGE: i64 = 0;
    /// `(:down, ref, pid, reason)`: a [`super::DownSignal`].
    pub const DOWN: i64 = 1;
    /// `(:exit, pid, reason)`: an [`super::ExitSignal`].
    pub const EXIT: i64 = 2;
    /// `(:timer, ref)`: a [`super::TimerSignal`].
    pub const TIMER: i64 = 3;
    /// `(:nodedown, node)`.
    pub const NODEDOWN: i64 = 4;
    /// `(:nodeup, node)`.
    pub const NODEUP: i64 = 5;
}

/// The variants of `ExitReason`, in the order of its definition in std.
pub mod exit_kind {
    /// `Normal`
    pub const NORMAL: i64 = 0;
    /// `Shutdown`
    pub const SHUTDOWN: i64 = 1;
    /// `Killed`
    pub const KILLED: i64 = 2;
    /// `NoConnection`
    pub const NO_CONNECTION: i64 = 3;
    /// `NoProcess`
    pub const NO_PROCESS: i64 = 4;
    /// `Crash(String)`
    pub const CRASH: i64 = 5;
    /// `Custom(String)`
    pub const CUSTOM: i64 = 6;
}

/// The parts `Int, Int, ExitReason` side by side: words first, then bytes.
#[repr(C)]
#[derive(Debug)]
pub struct DownSignal {
    /// The monitor's number.
    pub reference: i64,
    /// Who has ended.
    pub pid: i64,
    /// The reason's text; null in variants without one.
    pub text: *mut StrObj,
    /// The reason's variant, of [`exit_kind`].
    pub kind: u8,
}

/// The parts `Int, ExitReason` side by side.
#[repr(C)]
#[derive(Debug)]
pub struct ExitSignal {
    /// Who has ended, or sent the signal.
    pub pid: i64,
    /// The reason's text; null in variants without one.
    pub text: *mut StrObj,
    /// The reason's variant, of [`exit_kind`].
    pub kind: u8,
}

/// The part `Int`.
#[repr(C)]
#[derive(Debug)]
pub struct TimerSignal {
    /// The timer's number.
    pub reference: i64,
}

/// What the names of a process's first frame begin with, where it isn't a function that somebody wrote. Stack traces leave
/// these frames out.
pub mod first_frame {
    /// The name of the function follows.
    pub const START_OF: &str = "start of ";
    /// The name of the function follows that spawned a closure which was given to it.
    pub const GIVEN_TO: &str = "a function given to ";
}

/// [`RecvDesc::msg_desc`] of a process that takes no messages.
pub const NO_MESSAGES: u32 = u32::MAX;

/// The part of a process that compiled code reads and writes directly. It is the head of the runtime's process.
#[repr(C)]
#[derive(Debug)]
pub struct Ctx {
    /// The lowest stack address that compiled code may use; the greatest address when the process must yield.
    /// Written by other threads, read without order by the process.
    pub stack_limit: AtomicUsize,
    /// Where the next cell is cut from.
    pub bump: *mut u8,
    /// The end of the chunk that `bump` points into.
    pub bump_end: *mut u8,
    /// Freed cells by size class ([`size_class`]), linked through their first word; null: none.
    pub free: [*mut u8; SIZE_CLASSES],
}

/// The symbol of the runtime's two words that hashes depend on. Written before compiled code runs, never again.
pub const HASH_KEY: &str = "snow_rt_hash_key";

/// What the hash of a number multiplies by: the number first, then what came of it. Odd, with about half their bits set.
pub const HASH_FACTORS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xe703_7ed1_a0b4_28db];

/// How many sizes of small cells there are.
pub const SIZE_CLASSES: usize = 19;

/// The sizes of small cells in bytes, ascending.
pub const CLASS_SIZES: [usize; SIZE_CLASSES] =
    [16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512];

/// The greatest small cell in bytes.
pub const MAX_SMALL: usize = CLASS_SIZES[SIZE_CLASSES - 1];

/// The class of the smallest cell that holds `bytes`; `None`: a large object, which the runtime allocates apart.
pub const fn size_class(bytes: usize) -> Option<usize> {
    let mut class = 0;
    while class < SIZE_CLASSES {
        if bytes <= CLASS_SIZES[class] {
            return Some(class);
        }
        class += 1;
    }
    None
}

/// The most descriptions a program may have: the runtime packs an index into 19 bits.
pub const MAX_DESCS: usize = (1 << 19) - 1;

/// Everything the runtime must know of a program. Compiled code hands it to `snow_rt_main`.
#[repr(C)]
#[derive(Debug)]
pub struct Program {
    /// [`ABI_VERSION`] of the compiler.
    pub abi_version: u64,
    /// The program's type descriptions.
    pub descs: *const TypeDesc,
    /// How many.
    pub desc_count: usize,
    /// Evaluates the constants, in the init process, before `main`.
    pub init: unsafe extern "C" fn(ctx: *mut Ctx),
    /// Starts `main`; its state is empty.
    pub main: *const RecvDesc,
}

// SAFETY: a constant of the program; nothing writes to it.
unsafe impl Sync for Program {}

/// Changes whenever something in this crate changes its meaning.
pub const ABI_VERSION: u64 = 5;

/// The runtime's entry: `i32 snow_rt_main(i32 argc, char **argv, const Program *)`. The C `main` that code generation emits
/// calls it and returns its result.
pub const RT_MAIN: &str = "snow_rt_main";

/// Prefix of the symbols of [`crate::runtime_fns`].
pub const RT_PREFIX: &str = "snow_rt_";

const _: () = {
    use core::mem::{offset_of, size_of};
    assert!(size_of::<ObjHeader>() == CELL_PAYLOAD);
    assert!(size_of::<ListBuf>() == LIST_ELEMENTS);
    assert!(size_of::<StrObj>() == STR_INLINE);
    assert!(size_of::<TypeDesc>() == 32);
    assert!(size_of::<ListVal>() == 16);
    assert!(offset_of!(Ctx, stack_limit) == 0);
    assert!(offset_of!(Ctx, bump) == 8);
    assert!(offset_of!(Ctx, bump_end) == 16);
    assert!(offset_of!(Ctx, free) == 24);
    assert!(offset_of!(StrObj, len) == 8);
    assert!(offset_of!(StrObj, data) == 16);
    assert!(offset_of!(RecvDesc, fingerprint) == 32);
    assert!(offset_of!(RecvDesc, signals) == 40);
    assert!(offset_of!(RecvDesc, shape) == 48);
    assert!(size_of::<RecvDesc>() == 56);
    assert!(offset_of!(DownSignal, text) == 16);
    assert!(offset_of!(DownSignal, kind) == 24);
    assert!(offset_of!(ExitSignal, text) == 8);
    assert!(offset_of!(ExitSignal, kind) == 16);
};
