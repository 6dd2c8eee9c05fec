//! Keyed hashing of pairs and bytes: what maps and sets spread their keys by.
//!
//! Every step multiplies to 128 bits and folds the halves, so each input bit reaches each output bit. The key comes
//! from `SNOW_HASH_SEED`; without it, runs are alike. Numbers are hashed by compiled code, with the same key.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use snow_abi::layout::HASH_FACTORS;

use crate::long::PIECE;

/// The key of this run ([`snow_abi::layout::HASH_KEY`]). Written before the first process starts, then only read: the
/// threads that read it are started later.
#[unsafe(export_name = "snow_rt_hash_key")]
static KEY: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

const _: () = assert!(PIECE.is_multiple_of(16));

/// The secret of one program run.
#[derive(Clone, Copy)]
pub(crate) struct HashKey(u64, u64);

fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    wide as u64 ^ (wide >> 64) as u64
}

impl HashKey {
    pub(crate) fn new(seed: u64) -> HashKey {
        let first = fold(seed ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9);
        HashKey(first | 1, fold(first ^ 0x4b33_a62e_d433_d4a3, 0x4d5a_2da5_1de1_aa47) | 1)
    }

    /// Makes it the key of this run.
    pub(crate) fn publish(self) {
        KEY[0].store(self.0, Relaxed);
        KEY[1].store(self.1, Relaxed);
    }

    /// The key of this run.
    pub(crate) fn of_run() -> HashKey {
        HashKey(KEY[0].load(Relaxed), KEY[1].load(Relaxed))
    }

    /// Of an ordered pair of hashes.
    pub(crate) fn combine(self, a: i64, b: i64) -> i64 {
        fold(a as u64 ^ self.0, (b as u64).rotate_left(32) ^ self.1 ^ 0xa076_1d64_78bd_642f) as i64
    }

    /// Of bytes. O(n). Calls `breathe` between pieces of many.
    pub(crate) fn bytes(self, mut bytes: &[u8], mut breathe: impl FnMut()) -> i64 {
        let mut state = self.0 ^ fold(bytes.len() as u64 ^ self.1, HASH_FACTORS[1]);
        while bytes.len() > PIECE {
            let (piece, rest) = bytes.split_at(PIECE);
            for word in piece.chunks_exact(16) {
                state = self.step(state, word);
            }
            bytes = rest;
            breathe();
        }
        let mut words = bytes.chunks_exact(16);
        for word in &mut words {
            state = self.step(state, word);
        }
        let rest = words.remainder();
        let (low, high) = rest.split_at(rest.len().min(8));
        fold(read(low) ^ state, read(high) ^ self.1 ^ 0x5891_3a2d_77f3_1c4b) as i64
    }

    fn step(self, state: u64, word: &[u8]) -> u64 {
        fold(read(&word[..8]) ^ state, read(&word[8..]) ^ self.1)
    }
}

fn read(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn different_inputs_give_different_hashes() {
        let key = HashKey::new(0);
        let texts: HashSet<_> =
            (0..10_000).map(|n| key.bytes(format!("key {n}").as_bytes(), || ())).collect();
        assert_eq!(texts.len(), 10_000);
        assert_ne!(key.bytes(b"a", || ()), key.bytes(b"a\0", || ()));
        assert_ne!(key.combine(1, 2), key.combine(2, 1));
        assert_ne!(key.combine(1, 2), HashKey::new(1).combine(1, 2));
    }
}
