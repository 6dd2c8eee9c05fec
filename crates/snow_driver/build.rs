//! Builds the runtime's archive, which the compiler carries in itself.
//!
//! The runtime is a static library with a profile of its own, so it is built by a cargo of its own into this
//! package's output directory.

use std::env;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let workspace = manifest.join("../..");
    let parts =
        ["", "_archive", "_crypto", "_io", "_regex", "_time"].map(|part| format!("crates/snow_rt{part}"));
    for part in parts.iter().map(String::as_str).chain(["crates/snow_abi", "Cargo.lock"]) {
        println!("cargo:rerun-if-changed={}", workspace.join(part).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let target = out.join("runtime");
    let cargo = env::var_os("CARGO").expect("cargo sets it");
    let mut build = Command::new(cargo);
    build
        .args(["build", "--quiet", "--package", "snow_rt_archive", "--lib", "--profile", "runtime"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&workspace)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        // Under clippy it would lint the runtime a second time.
        .env_remove("RUSTC_WORKSPACE_WRAPPER");
    let status = build.status().expect("cargo runs");
    assert!(status.success(), "building the runtime failed");
    let archive = target.join("runtime").join("libsnow_rt_archive.a");
    let stripped = out.join("libsnow_rt.a");
    strip(&archive, &stripped);
    println!("cargo:rustc-env=SNOW_RT_ARCHIVE={}", stripped.display());
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(&std::fs::read(&stripped).expect("the archive was written"));
    println!("cargo:rustc-env=SNOW_RT_ID={:016x}", hasher.finish());
}

/// Leaves debug information out: the program's own lines stay, the runtime's would only cost link time.
fn strip(from: &Path, to: &Path) {
    let stripped = ["llvm-strip-19", "llvm-strip", "strip"].iter().any(|tool| {
        let status = Command::new(tool).arg("--strip-debug").arg("-o").arg(to).arg(from).status();
        status.is_ok_and(|s| s.success())
    });
    if !stripped {
        println!("cargo:warning=no strip tool works; the runtime keeps its debug information");
        std::fs::copy(from, to).expect("the archive can be copied");
    }
}
