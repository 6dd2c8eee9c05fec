#!/usr/bin/env bash
# Passes everything that a change must pass: formatting, lints, all tests.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
# shellcheck source=/dev/null
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
cargo fmt --all --check
cargo clippy --quiet --workspace --all-targets -- --deny warnings
# The corpora run the compiler as users do.
cargo build --quiet --package snow_cli
cargo test --quiet --workspace
