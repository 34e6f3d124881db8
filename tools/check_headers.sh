#!/usr/bin/env bash
# Checks that each public header compiles alone, without a warning and with nothing included before it.
#
# usage: tools/check_headers.sh COMPILER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
compiler=${1:?usage: tools/check_headers.sh COMPILER}

failed=0
for header in include/mtmi/*.h; do
  "$compiler" -std=c++20 -fsyntax-only -Iinclude -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
    -Wold-style-cast -Werror -include "$header" -x c++ /dev/null || failed=1
done
exit $failed
