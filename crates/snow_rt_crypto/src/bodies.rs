//! One function for each row of `snow_abi::for_each_crypto_fn!`.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use snow_rt::part::{Caller, NewText, Text};
use subtle::ConstantTimeEq;

/// Bytes between two looks whether others want to run: less than a millisecond of the slowest function here.
const PIECE: usize = 128 << 10;

fn digest<D: Digest>(caller: &Caller, data: Text<'_>) -> NewText {
    let mut state = D::new();
    for piece in data.bytes().chunks(PIECE) {
        state.update(piece);
        caller.breathe();
    }
    caller.text(state.finalize())
}

pub(crate) fn crypto_sha256(caller: &Caller, data: Text<'_>) -> NewText {
    digest::<Sha256>(caller, data)
}

pub(crate) fn crypto_sha512(caller: &Caller, data: Text<'_>) -> NewText {
    digest::<Sha512>(caller, data)
}

pub(crate) fn crypto_sha1(caller: &Caller, data: Text<'_>) -> NewText {
    digest::<Sha1>(caller, data)
}

pub(crate) fn crypto_md5(caller: &Caller, data: Text<'_>) -> NewText {
    digest::<Md5>(caller, data)
}

pub(crate) fn crypto_hmac_sha256(caller: &Caller, key: Text<'_>, data: Text<'_>) -> NewText {
    let Ok(mut state) = Hmac::<Sha256>::new_from_slice(key.bytes()) else {
        snow_rt::part::internal_error("a key that HMAC refuses")
    };
    for piece in data.bytes().chunks(PIECE) {
        state.update(piece);
        caller.breathe();
    }
    caller.text(state.finalize().into_bytes())
}

pub(crate) fn crypto_crc32(caller: &Caller, data: Text<'_>) -> i64 {
    let mut state = crc32fast::Hasher::new();
    for piece in data.bytes().chunks(PIECE) {
        state.update(piece);
        caller.breathe();
    }
    i64::from(state.finalize())
}

pub(crate) fn crypto_constant_time_eq(_: &Caller, a: Text<'_>, b: Text<'_>) -> bool {
    a.bytes().ct_eq(b.bytes()).into()
}
