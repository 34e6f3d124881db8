#!/usr/bin/env bash
# Checks that ./demo refuses wrong arguments with exit status 2 and one sentence, before it builds anything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0
# expect_refusal SENTENCE ARGUMENT...
expect_refusal() {
  local sentence=$1 said status=0
  shift
  said=$(timeout 10 ./demo --no-setup "$@" 2>&1) || status=$?
  if [ "$status" != 2 ] || [ "$said" != "demo: $sentence" ]; then
    printf './demo %s: exit status %d, said: %.300s\n' "$*" "$status" "$said" >&2
    failed=1
  fi
}

for option in --size --loops -o; do
  expect_refusal "$option: got nothing, expected a value (see ./demo --help)" "$option"
  expect_refusal "$option: got nothing, expected a value (see ./demo --help)" "$option" ''
done
for loops in 0 -1 9x 1.5; do
  expect_refusal "--loops: got $loops, expected a whole number from 1 on" --loops "$loops"
done
for size in 512 100x64 0x64 64x32x32; do
  expect_refusal "--size: got $size, expected HEIGHTxWIDTH, multiples of 32" --size "$size"
done
expect_refusal 'unknown argument --bogus (see ./demo --help)' --bogus
exit "$failed"
