//! What is in the archive that programs are linked with? The runtime and all its optional parts.
//!
//! There is no code here. The linker takes from the archive what a program's code names, so a part that isn't used costs nothing.

use snow_abi::RuntimeFn;

/// The address of a runtime function, for compilers that run code in their own process. `None` is a part that
/// is missing here, which a test rules out.
pub fn address(function: RuntimeFn) -> Option<usize> {
    snow_rt::address(function)
        .or_else(|| snow_rt_crypto::address(function))
        .or_else(|| snow_rt_io::address(function))
        .or_else(|| snow_rt_regex::address(function))
        .or_else(|| snow_rt_time::address(function))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_has_a_body() {
        let missing: Vec<_> = snow_abi::runtime_fns::ROWS
            .iter()
            .filter(|row| super::address(row.function).is_none())
            .map(|row| row.name)
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
