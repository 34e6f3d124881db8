#!/usr/bin/env bash
# Proves that scenes have the same pixels on x86-64 and AArch64: renders some with a program of each kind, the second under
# an emulator, and compares every byte of images, labels and depths.
#
# usage: tools/compare_scenes.sh [SCENES]      (default 6; Debian packages g++-aarch64-linux-gnu and qemu-user-static)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
count=${1:-6}
for program in aarch64-linux-gnu-g++ qemu-aarch64-static; do
  command -v "$program" >/dev/null ||
    { echo "compare_scenes: $program is missing: apt-get install g++-aarch64-linux-gnu qemu-user-static" >&2 && exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
training/build_generator.sh "$work/x86-64"
CXX='aarch64-linux-gnu-g++' training/build_generator.sh "$work/aarch64"
for kind in x86-64 aarch64; do
  mkdir "$work/$kind.scenes"
  emulator=()
  [ "$kind" = x86-64 ] || emulator=(qemu-aarch64-static -L /usr/aarch64-linux-gnu)
  # Arguments: folder, seed, first shard, shards, scenes in each, height, width, threads, shards ahead.
  "${emulator[@]}" "$work/$kind" "$work/$kind.scenes" 3000 0 1 "$count" 128 256 2 2
done
cmp "$work/x86-64.scenes/shard-0.bin" "$work/aarch64.scenes/shard-0.bin"
echo "$count scenes: the same bytes on x86-64 and AArch64"
