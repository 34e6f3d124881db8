#!/usr/bin/env bash
# Builds the scene generator with g++ alone: no library of the product's is needed beside its sources.
#
# usage: [CXX=g++] training/build_generator.sh OUTPUT
set -euo pipefail
export CXX=${CXX:-g++}
output=$(realpath -m "${1:?usage: training/build_generator.sh OUTPUT}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
# dataset.cpp writes PNG files and camera.json, which the trainer does not want.
sources=(training/generate.cpp src/mtmi/core/{error,memory_limit,printable}.cpp)
for file in src/mtmi/scenes/*.cpp; do
  case $file in *_test.cpp | */dataset.cpp) ;; *) sources+=("$file") ;; esac
done
# No contraction of a*b+c, as in CMakeLists.txt: the pixels must not depend on the compiler.
printf '%s\n' "${sources[@]}" |
  xargs -P "$(nproc)" -I{} bash -c \
    '"$CXX" -std=c++20 -O3 -DNDEBUG -ffp-contract=off -pthread -Iinclude -Isrc -c "$1" -o "$2/$(basename "$1").o"' _ {} "$objects"
"$CXX" -pthread "$objects"/*.o -o "$output"
