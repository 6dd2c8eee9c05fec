//! Hashes and authentication codes for Snow programs that use them: the bodies behind std's `Crypto`.
//!
//! The algorithms are those of the RustCrypto crates. Long data is worked through in pieces, between which other processes run.

mod bodies;

use snow_rt::export_part;

snow_abi::for_each_crypto_fn!(export_part);
