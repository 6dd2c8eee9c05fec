//! How does a message look to a reader? The description from which a crash report shows it, without running its code.
//!
//! One run of bytes without addresses, for each type of messages. Numbers are of 4 bytes, little-endian; a *text* is its
//! length and its bytes; *slots* are a count and a number each.
//!
//! - the length of all, the number of nodes, where each node starts;
//! - the slots of the message;
//! - the nodes, the first being that of the message: a [`kind`] (one byte), and then for
//!   - [`kind::LIST`]: the element's node and slots;
//!   - [`kind::VARIANTS`]: a [`how`] (one byte); for [`how::NULLABLE`] the variant with a part and the slot that tells;
//!     the number of variants; for each a [`style`] (one byte), its name, the number of its parts, and for each part its name
//!     (empty: none), its node ([`HIDDEN`]: not shown), its slots.
//!
//! Slots of what stands in memory (a message, an element, a part of a cell) are offsets in bytes from its start (the cell's,
//! header included), [`BYTE_SLOT`] added where it is one byte; slots of parts of a value are indices of the value's slots.

/// Added to the offset of a slot of one byte.
pub const BYTE_SLOT: u32 = 1 << 31;

/// The node of a part that isn't shown.
pub const HIDDEN: u32 = u32::MAX;

/// What a node describes.
pub mod kind {
    /// An integer.
    pub const INT: u8 = 0;
    /// A float.
    pub const FLOAT: u8 = 1;
    /// A Bool.
    pub const BOOL: u8 = 2;
    /// An atom.
    pub const ATOM: u8 = 3;
    /// A string.
    pub const STRING: u8 = 4;
    /// Bytes.
    pub const BYTES: u8 = 5;
    /// A pid.
    pub const PID: u8 = 6;
    /// A function.
    pub const FUNCTION: u8 = 7;
    /// What lies deeper than reports look.
    pub const UNKNOWN: u8 = 8;
    /// A list.
    pub const LIST: u8 = 9;
    /// A struct, tuple or sum type.
    pub const VARIANTS: u8 = 10;
}

/// How the variant of a value is known, and where its parts are.
pub mod how {
    /// One variant, by value.
    pub const PRODUCT: u8 = 0;
    /// One variant, in a cell.
    pub const BOXED: u8 = 1;
    /// By value; slot 0 is the tag.
    pub const SUM: u8 = 2;
    /// By value; the variant with a part unless a slot is 0.
    pub const NULLABLE: u8 = 3;
    /// An immediate or a cell.
    pub const BOXED_SUM: u8 = 4;
}

/// How a variant is shown.
pub mod style {
    /// `Name(part, part)`, parts with names as `name: part`; `Name` without parts.
    pub const VARIANT: u8 = 0;
    /// `Name { name: part, name: part }`; `Name` without parts.
    pub const STRUCT: u8 = 1;
    /// `(part, part)`
    pub const TUPLE: u8 = 2;
    /// A map: `%{…}` around its parts, which are shown bare.
    pub const MAP: u8 = 3;
    /// A set: `#{…}` around its part, a map of which only keys are shown.
    pub const SET: u8 = 4;
    /// Its parts, bare.
    pub const BARE: u8 = 5;
    /// An entry of a map: `part => part`.
    pub const ENTRY: u8 = 6;
    /// `part..part`
    pub const RANGE: u8 = 7;
    /// `#Ref<part>`
    pub const REFERENCE: u8 = 8;
    /// A message of the runtime's own, of which reports don't speak.
    pub const INTERNAL: u8 = 9;
}
