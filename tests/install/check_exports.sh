#!/usr/bin/env bash
# Checks that a library exports symbols of namespace mtmi and nothing else.
#
# usage: check_exports.sh NM LIBRARY
set -euo pipefail
exported=$("$1" --dynamic --defined-only --format=posix "$2" | cut -d' ' -f1)
foreign=$(grep -Ev '^_Z(NK?|T[ISV]N)4mtmi' <<<"$exported" | c++filt || true)
if [ -n "$foreign" ]; then
  printf '%s exports what is not of mtmi:\n%s\n' "$2" "$foreign"
  exit 1
fi
grep -q '^_ZN4mtmi5ErrorC1' <<<"$exported" || {
  printf '%s does not export mtmi::Error\n' "$2"
  exit 1
}
printf '%d symbols, all of mtmi\n' "$(wc -l <<<"$exported")"
