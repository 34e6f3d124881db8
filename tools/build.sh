#!/usr/bin/env bash
# Installs what is missing, configures a preset and builds it; what ./test and ./demo have in common.
#
# usage: tools/build.sh [--no-setup] PRESET [TARGET...]
#
# Says on stderr how long each step took.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

setup=yes
if [ "${1:-}" = --no-setup ]; then
  setup=no
  shift
fi
preset=${1:?usage: tools/build.sh [--no-setup] PRESET [TARGET...]}
shift

# step NAME COMMAND...: runs it and says how long it took, or that it failed.
step() {
  local name=$1 begin=$SECONDS
  shift
  "$@" || {
    printf '%s: failed after %d s\n' "$name" $((SECONDS - begin)) >&2
    return 1
  }
  printf '%s: %d s\n' "$name" $((SECONDS - begin)) >&2
}

# A compiler takes up to 1.5 GB here: no more of them than cores, nor than memory holds.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo)
  if [ "$memory" -lt 1 ]; then memory=1; fi
  if [ "$cores" -lt "$memory" ]; then echo "$cores"; else echo "$memory"; fi
}

# Hits are shared by all clones on a machine: paths count relative to the root.
use_ccache() {
  if command -v ccache >/dev/null && ccache --show-stats >/dev/null 2>&1; then
    export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  fi
}

configure() {
  local log
  log=$(cmake --preset "$preset" 2>&1) || {
    printf '%s\n' "$log" >&2
    return 1
  }
}

build() {
  local arguments=(--build --preset "$preset" --parallel "$(jobs)")
  if [ $# -gt 0 ]; then arguments+=(--target "$@"); fi
  cmake "${arguments[@]}" >&2
}

if [ $setup = yes ]; then step setup tools/setup.sh; fi
use_ccache
step configure configure
step build build "$@"
