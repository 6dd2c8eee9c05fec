#!/usr/bin/env bash
# Builds the compiler and runs it: `scripts/snow.sh run examples/bank.snow` is `snow run examples/bank.snow`.
# The compiler stays at target/release/snow: one file, to be copied wherever you like.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
# shellcheck source=/dev/null
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
cargo build --quiet --release --package snow_cli --no-default-features --features static-llvm
exec target/release/snow "$@"
