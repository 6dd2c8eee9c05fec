//! The runtime's archive, carried in the compiler.

/// The bytes of `libsnow_rt.a`.
pub fn archive() -> &'static [u8] {
    include_bytes!(env!("SNOW_RT_ARCHIVE"))
}

/// A hash of the archive: two compilers with the same runtime share what is made with it.
pub const ID: &str = env!("SNOW_RT_ID");
