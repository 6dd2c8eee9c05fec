#!/usr/bin/env bash
# Installs what building Snow needs and this machine lacks. Safe to run again: then it changes nothing.
# Usage: scripts/setup.sh
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }

if [ -f "$HOME/.cargo/env" ]; then
  # shellcheck source=/dev/null
  . "$HOME/.cargo/env"
fi
if ! command -v cargo >/dev/null; then
  say "cargo isn't here. Install Rust with rustup (https://rustup.rs), then run this again."
  exit 1
fi

# gcc: the linker that Rust itself uses, and the headers that programs are linked with.
# llvm-19-dev: the code generator. libpolly-19-dev and the compression libraries: linking it statically.
# mold: links programs fast.
packages=(gcc libc6-dev llvm-19-dev libpolly-19-dev zlib1g-dev libzstd-dev libxml2-dev libffi-dev mold)
missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
      missing+=("$package")
    fi
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    say "installing ${missing[*]}"
    sudo=()
    if [ "$(id -u)" -ne 0 ]; then
      sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    say "installed"
  fi
elif ! command -v llvm-config-19 >/dev/null && ! command -v llvm-config >/dev/null; then
  say "this isn't Debian: install LLVM 19 with its development files and a linker (mold or lld), then run this again."
  exit 1
fi
