#!/usr/bin/env bash
# Installs what mtmi needs to build and test itself, on Debian 12 and Ubuntu 24.04.
#
# usage: tools/setup.sh [--list]
#   --list   print the packages that are missing here, one a line, and install nothing
#
# Where nothing is missing it ends at once and touches no network.
set -euo pipefail

# One package a line, and what it is for. a|b: the name differs between distributions; either will do.
packages() {
  sed 's/ *#.*//; /^$/d' <<'LIST'
g++
cmake
ninja-build
ccache                                   # a second build of the same sources is nearly free
python3                                  # the checks in tools/
libprotobuf-dev                          # onnx: the ONNX messages
protobuf-compiler
libonnx-dev
libonnx-testdata                         # tests: the ONNX project's conformance data
libfmt-dev                               # text
libcli11-dev                             # the command line
nlohmann-json3-dev                       # manifests, reports, --json
libtomlplusplus-dev                      # target files and model cards
libflatbuffers-dev                       # engine files
flatbuffers-compiler
libpng-dev                               # image files
libjpeg62-turbo-dev|libjpeg-turbo8-dev
libdeflate-dev                           # what scenes writes
libxxhash-dev                            # content hashes
libgtest-dev                             # tests
libgmock-dev
LIST
}

say() { printf 'setup: %s\n' "$*" >&2; }

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

available() { grep -q '^ *Candidate: *[^( ]' <(apt-cache policy "$1" 2>/dev/null); }

# The lines of packages() of which no name is installed.
missing() {
  local line name
  while read -r line; do
    for name in ${line//|/ }; do
      if installed "$name"; then continue 2; fi
    done
    printf '%s\n' "$line"
  done < <(packages)
}

# For each line given, the first name that this distribution has.
resolve() {
  local line name
  for line in "$@"; do
    for name in ${line//|/ }; do
      if available "$name"; then printf '%s\n' "$name" && continue 2; fi
    done
    say "this system's package sources have no '$line': mtmi is built on Debian 12 and Ubuntu 24.04 (on Ubuntu with 'universe' enabled)"
    return 1
  done
}

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null; }

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  say "this system has no apt-get: install what these packages hold by hand, then call ./test or ./demo with --no-setup"
  packages
  exit 1
fi

mapfile -t wanted < <(missing)
if [ "${1:-}" = --list ]; then
  [ ${#wanted[@]} -eq 0 ] || printf '%s\n' "${wanted[@]}"
  exit 0
fi
if [ ${#wanted[@]} -eq 0 ]; then
  exit 0
fi

say "missing: ${wanted[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    say "installing them needs root, and there is no sudo: run as root: tools/setup.sh"
    exit 1
  }
  as_root=(sudo)
fi
apt update || say "apt-get update failed; going on with the package lists that are here"
names=$(resolve "${wanted[@]}")
mapfile -t names <<<"$names"
say "installing with apt-get: ${names[*]}"
apt install -y --no-install-recommends "${names[@]}" >&2 || {
  say "apt-get could not install them (its message stands above)"
  exit 1
}
