//! The operations that std binds with `@intrinsic("name")` and that code generation expands in place.
//!
//! One row each: `Variant "name" (modes) ;` where a mode says what happens to that argument's references:
//! `b` borrowed, `o` owned (consumed). Scalars are `b`.

macro_rules! define_intrinsics {
    ($($(#[$doc:meta])* $variant:ident $name:literal ($($mode:ident)*) ;)*) => {
        /// An operation that code generation expands in place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Intrinsic { $($(#[$doc])* $variant,)* }

        /// All intrinsics in the order of [`Intrinsic`].
        pub static ROWS: &[Row] = &[
            $(Row { intrinsic: Intrinsic::$variant, name: $name, consumes: &[$(mode!($mode)),*] },)*
        ];
    };
}

macro_rules! mode {
    (b) => {
        false
    };
    (o) => {
        true
    };
}

/// One intrinsic.
#[derive(Debug)]
pub struct Row {
    /// Which.
    pub intrinsic: Intrinsic,
    /// Its name in `@intrinsic("…")`.
    pub name: &'static str,
    /// For each argument, whether its references are consumed.
    pub consumes: &'static [bool],
}

impl Intrinsic {
    /// Its row. O(1).
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The intrinsic of that name. O(rows).
    pub fn by_name(name: &str) -> Option<Intrinsic> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.intrinsic)
    }
}

define_intrinsics! {
    /// `(Int, Int) -> Int`; overflow crashes.
    IntAdd "int_add" (b b);
    /// `(Int, Int) -> Int`; overflow crashes.
    IntSub "int_sub" (b b);
    /// `(Int, Int) -> Int`; overflow crashes.
    IntMul "int_mul" (b b);
    /// `(Int, Int) -> Int`, truncating; zero and overflow crash.
    IntDiv "int_div" (b b);
    /// `(Int, Int) -> Int`, sign of the dividend; zero crashes.
    IntRem "int_rem" (b b);
    /// `(Int) -> Int`; overflow crashes.
    IntNeg "int_neg" (b);
    /// `(Int, Int) -> Int`, modulo 2^64.
    IntWrappingAdd "int_wrapping_add" (b b);
    /// `(Int, Int) -> Int`, modulo 2^64.
    IntWrappingSub "int_wrapping_sub" (b b);
    /// `(Int, Int) -> Int`, modulo 2^64.
    IntWrappingMul "int_wrapping_mul" (b b);
    /// `(Int, Int) -> Bool`: whether the sum doesn't fit.
    IntAddOverflows "int_add_overflows" (b b);
    /// `(Int, Int) -> Bool`: whether the difference doesn't fit.
    IntSubOverflows "int_sub_overflows" (b b);
    /// `(Int, Int) -> Bool`: whether the product doesn't fit.
    IntMulOverflows "int_mul_overflows" (b b);
    /// `(Int, Int) -> Bool`
    IntEq "int_eq" (b b);
    /// `(Int, Int) -> Bool`
    IntLt "int_lt" (b b);
    /// `(Int, Int) -> Bool`
    IntLe "int_le" (b b);
    /// `(Int, Int) -> Int`
    IntAnd "int_and" (b b);
    /// `(Int, Int) -> Int`
    IntOr "int_or" (b b);
    /// `(Int, Int) -> Int`
    IntXor "int_xor" (b b);
    /// `(Int, Int) -> Int`; a shift outside 0..64 crashes.
    IntShl "int_shl" (b b);
    /// `(Int, Int) -> Int`, arithmetic; a shift outside 0..64 crashes.
    IntShr "int_shr" (b b);
    /// `(Int, Int) -> Int`, logical; a shift outside 0..64 crashes.
    IntUshr "int_ushr" (b b);
    /// `(Int) -> Int`
    IntPopcount "int_popcount" (b);
    /// `(Int) -> Int`
    IntLeadingZeros "int_leading_zeros" (b);
    /// `(Int) -> Int`
    IntTrailingZeros "int_trailing_zeros" (b);
    /// `(Int) -> Float`, nearest.
    IntToFloat "int_to_float" (b);

    /// `(Float, Float) -> Float`
    FloatAdd "float_add" (b b);
    /// `(Float, Float) -> Float`
    FloatSub "float_sub" (b b);
    /// `(Float, Float) -> Float`
    FloatMul "float_mul" (b b);
    /// `(Float, Float) -> Float`
    FloatDiv "float_div" (b b);
    /// `(Float, Float) -> Float`
    FloatRem "float_rem" (b b);
    /// `(Float) -> Float`
    FloatNeg "float_neg" (b);
    /// `(Float, Float) -> Bool`, IEEE.
    FloatEq "float_eq" (b b);
    /// `(Float, Float) -> Bool`, IEEE.
    FloatLt "float_lt" (b b);
    /// `(Float, Float) -> Bool`, IEEE.
    FloatLe "float_le" (b b);
    /// `(Float) -> Int`: the bit pattern.
    FloatBits "float_bits" (b);
    /// `(Int) -> Float`: of a bit pattern.
    FloatFromBits "float_from_bits" (b);
    /// `(Float) -> Int`, truncating; the caller has checked that it fits.
    FloatToIntUnchecked "float_to_int_unchecked" (b);
    /// `(Float) -> Float`
    FloatSqrt "float_sqrt" (b);
    /// `(Float) -> Float`
    FloatFloor "float_floor" (b);
    /// `(Float) -> Float`
    FloatCeil "float_ceil" (b);
    /// `(Float) -> Float`, halves away from zero.
    FloatRound "float_round" (b);
    /// `(Float) -> Float`
    FloatTrunc "float_trunc" (b);
    /// `(Float) -> Float`
    FloatAbs "float_abs" (b);
    /// `(Float) -> Float`
    FloatSin "float_sin" (b);
    /// `(Float) -> Float`
    FloatCos "float_cos" (b);
    /// `(Float) -> Float`
    FloatExp "float_exp" (b);
    /// `(Float) -> Float`
    FloatLog "float_log" (b);
    /// `(Float, Float) -> Float`
    FloatPow "float_pow" (b b);

    /// `(Bool) -> Bool`
    BoolNot "bool_not" (b);
    /// `(Bool, Bool) -> Bool`
    BoolEq "bool_eq" (b b);
    /// `(Bool) -> Int`, 0 or 1.
    BoolToInt "bool_to_int" (b);
    /// `(Bool, Int, Int) -> Int`: the first where it holds, else the second, without a branch. For where nothing tells which
    /// it will be.
    IntChoose "int_choose" (b b b);
    /// `(Int) -> Int`: a number's hash under the program run's key, see [`crate::layout::HASH_KEY`].
    IntHash "int_hash" (b);
    /// `(Atom, Atom) -> Bool`
    AtomEq "atom_eq" (b b);
    /// `(Pid<m>, Pid<m>) -> Bool`
    PidEq "pid_eq" (b b);
    /// `(Pid<m>) -> Int`
    PidToInt "pid_to_int" (b);
    /// `(Int) -> Pid<m>`: of a pid's or one-shot address's number.
    PidFromInt "pid_from_int" (b);
    /// `(Option<Pid<m>>) -> Int`: names the type `m`, the same in every program; 0 where nothing fixes it. Replaced while MIR
    /// is built.
    TypeFingerprint "type_fingerprint" (b);
    /// `(a) -> String`: how a value shows itself by Debug; a fixed text where its type has none. Replaced while MIR is built.
    Shown "shown" (b);
    /// `(Int) -> a`: takes the value that lies at an address. Replaced while MIR is built.
    LoadMessage "load_message" (b);
    /// `(Pid<m>, Int, m) -> Int`: sends a message after so many milliseconds. Replaced while MIR is built.
    SendAfter "send_after" (b b b);
    /// `(Pid<m>, Int, m) -> Int`: sends a message every so many milliseconds. Replaced while MIR is built.
    SendEvery "send_every" (b b b);
    /// `(Fun() -> ()) -> Int`: runs it as a job. Replaced while MIR is built.
    SpawnJob "spawn_job" (b);
    /// `(a) -> Int`: the number of the variant of a sum type, from 0.
    VariantIndex "variant_index" (b);

    /// `(String) -> Int`: bytes. O(1).
    StrByteSize "str_byte_size" (b);
    /// `(String, Int) -> Int`: the byte at an index that the caller has checked.
    StrByteUnchecked "str_byte_unchecked" (b b);

    /// `(Int) -> List<a>`: empty, with room.
    ListNew "list_new" (b);
    /// `(List<a>) -> Int`
    ListLen "list_len" (b);
    /// `(List<a>, Int) -> a`: the element at an index that the caller has checked; a borrowing projection like a field.
    ListGetUnchecked "list_get_unchecked" (b b);
    /// `(List<a>, Int) -> a`: crashes outside the list.
    ListGet "list_get" (b b);
    /// `(List<a>, a) -> List<a>`: at the end; in place when unique.
    ListPush "list_push" (o o);
    /// `(List<a>, a) -> List<a>`: at the front; in place when unique.
    ListPrepend "list_prepend" (o o);
    /// `(List<a>, Int, a) -> List<a>`: at an index that the caller has checked; in place when unique.
    ListSetUnchecked "list_set_unchecked" (o b o);
    /// `(List<a>, Int) -> a`: moves an element out of a list that alone holds its buffer (`list_make_unique` first). Its
    /// reference slots become 0: until `list_move_in` puts something there the element must not be read. The
    /// result is owned although the list is only borrowed. For updates in place inside std.
    ListMoveOut "list_move_out" (b b);
    /// `(List<a>, Int, a) -> List<a>`: puts an element where one was moved out; drops nothing.
    ListMoveIn "list_move_in" (o b o);
    /// `(List<a>, Int) -> Bool`: whether the first word of an element is 0, as in those that the runtime's `list_gaps` makes.
    /// For elements whose first word never is: of other gaps nothing may be read.
    ListIsGap "list_is_gap" (b b);
    /// `(List<a>, Int, Int) -> List<a>`: a view of the elements from, to (checked by the caller); copies nothing.
    ListView "list_view" (o b b);
}
