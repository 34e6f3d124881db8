#!/usr/bin/env bash
# Runs every fuzz target for a while, and many mutants of small networks, with sanitizers on. Needs clang.
#
# usage: tools/fuzz.sh [SECONDS_PER_TARGET [MUTANTS]]      (default 600 and 10000)
#
# As many targets run at a time as there are processor cores (MTMI_FUZZ_JOBS).
# What fails is kept in build/fuzz/failures, the corpora grow in build/fuzz/corpus; exit status 1 if anything failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-600}
mutants=${2:-10000}
seed=${MTMI_FUZZ_SEED:-$RANDOM}

targets=(onnx npy graph engine scales image target card manifest dataset)
tools/build.sh --no-setup fuzz "${targets[@]/#/mtmi_fuzz_}" mtmi_mutate_networks
bin=$PWD/build/fuzz/tests/fuzz
failures=$PWD/build/fuzz/failures
mkdir -p "$failures"
printf 'seed %s\n' "$seed"

# seeds NAME: the folders with inputs to begin with
seeds() {
  printf 'tests/fuzz/corpus/%s\n' "$1"
  case $1 in
    onnx) printf 'tests/data/recorded\n' ;;
    graph) printf 'tests/fuzz/networks\n' ;;
  esac
}

# fuzz NAME: runs one target and says in a line what became of it
fuzz() {
  local name=$1 corpus=build/fuzz/corpus/$1 folders
  mkdir -p "$corpus"
  mapfile -t folders < <(seeds "$name")
  if "$bin/mtmi_fuzz_$name" -seed="$seed" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3072 -print_final_stats=1 \
    -artifact_prefix="$failures/$name-" "$corpus" "${folders[@]}" >"build/fuzz/$name.log" 2>&1; then
    awk -v name="$name" '/number_of_executed_units/ { printf "%s: %s inputs, no failure\n", name, $2 }' "build/fuzz/$name.log"
  else
    printf '%s: FAILED, see build/fuzz/%s.log\n' "$name" "$name"
    return 1
  fi
}
export -f fuzz seeds
export bin failures seconds seed

status=0
printf '%s\n' "${targets[@]}" | xargs -P "${MTMI_FUZZ_JOBS:-$(nproc)}" -I{} bash -c 'fuzz {}' || status=1
"$bin/mtmi_mutate_networks" "$mutants" "$seed" "$failures" tests/fuzz/networks/*.graph tests/data/recorded/*.onnx || status=1
exit $status
