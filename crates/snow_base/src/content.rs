//! Hashes of contents: the same on every machine and in every run. Caches are keyed with them.
//!
//! SipHash with 128 bits: two different contents don't meet. It is no protection against someone who makes
//! collisions on purpose.

use std::fmt;
use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

/// What a content hashes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(u128);

impl fmt::Display for ContentHash {
    /// 32 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl ContentHash {
    /// The hash of some bytes. O(length).
    pub fn of(bytes: &[u8]) -> ContentHash {
        let mut hasher = ContentHasher::default();
        hasher.bytes(bytes);
        hasher.finish()
    }

    /// Its bytes.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The hash with these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> ContentHash {
        ContentHash(u128::from_le_bytes(bytes))
    }

    /// The low half: for where 64 bits do.
    pub fn low(self) -> u64 {
        self.0 as u64
    }
}

/// Takes in a content piece by piece. What is of variable length goes in with its length, so that pieces can't
/// be mistaken for one another.
#[derive(Clone, Default)]
pub struct ContentHasher(SipHasher13);

impl ContentHasher {
    /// A number.
    pub fn number(&mut self, n: u64) {
        self.0.write_u64(n.to_le());
    }

    /// A small number: which of several forms follows.
    pub fn tag(&mut self, n: u8) {
        self.0.write_u8(n);
    }

    /// Bytes with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.write(bytes);
    }

    /// A text with its length.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// What was hashed elsewhere.
    pub fn hash(&mut self, hash: ContentHash) {
        self.0.write(&hash.to_bytes());
    }

    /// The hash of all that went in.
    pub fn finish(&self) -> ContentHash {
        ContentHash(self.0.finish128().as_u128())
    }
}

impl fmt::Debug for ContentHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHasher({})", self.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_everywhere_and_pieces_stay_apart() {
        assert_eq!(ContentHash::of(b"snow").to_string(), "dc8dcb106ec00877abb4ba1221338b97");
        let pieces = |parts: &[&str]| {
            let mut hasher = ContentHasher::default();
            parts.iter().for_each(|part| hasher.text(part));
            hasher.finish()
        };
        assert_eq!(pieces(&["snow"]), ContentHash::of(b"snow"));
        assert_eq!(ContentHash::from_bytes(pieces(&["snow"]).to_bytes()), pieces(&["snow"]));
        assert_ne!(pieces(&["ab", "c"]), pieces(&["a", "bc"]));
    }
}
