#!/usr/bin/env bash
# Checks that every C++ source stands as clang-format 14 writes it (.clang-format; other versions differ).
#
# usage: tools/check_format.sh [--fix]      (exit status 77 where clang-format 14 is not installed)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

formatter=
for candidate in clang-format-14 clang-format; do
  if [[ $("$candidate" --version 2>/dev/null) == *"version 14."* ]]; then
    formatter=$candidate
    break
  fi
done
if [ -z "$formatter" ]; then
  echo "clang-format 14 is not installed"
  exit 77
fi

action=(--dry-run -Werror)
if [ "${1:-}" = --fix ]; then action=(-i); fi
find . \( -path './.*' -o -path ./build \) -prune -o -type f \
  \( -name '*.h' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' \) -print0 |
  xargs -0 -r -n 16 -P "$(nproc)" "$formatter" "${action[@]}"
