#!/usr/bin/env bash
# Runs clang-tidy 14 (.clang-tidy) on the sources that differ from BASE, or on all.
#
# usage: tools/tidy.sh [BASE | --all]      (default: main)
#
# It reads the compile commands of the tidy preset, which it configures, and builds only what generates sources.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=${1:-main}

cmake --preset tidy >/dev/null
ninja -C build/tidy src/mtmi/device/engine_generated.h >/dev/null
if [ "$base" = --all ]; then
  changed=$(git ls-files 'src/*.cpp')
else
  changed=$(git diff --name-only --diff-filter=d "$(git merge-base "$base" HEAD)" -- 'src/*.cpp')
fi
if [ -z "$changed" ]; then
  echo "clang-tidy: no source differs from $base"
  exit 0
fi
xargs -n 1 -P "$(nproc)" clang-tidy -p build/tidy --quiet <<<"$changed"
