#!/usr/bin/env bash
# What every change is held to before it lands: format, layers, build, tests, and clang-tidy on what changed.
#
# usage: tools/check.sh [BASE]      (changes are counted since BASE, default main)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=${1:-main}

tools/check_format.sh || [ $? -eq 77 ]
python3 tools/check_layers.py
./test --preset dev
tools/tidy.sh "$base"
