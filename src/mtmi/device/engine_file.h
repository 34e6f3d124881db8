// Engine files: what Backend::compile() gives and Device::load() takes.
//
// A little-endian header (magic, format version, length, content hash, table of sections, checksum)
// and sections at multiples of 4096 bytes, each with a checksum: "meta" (engine.fbs), "weights"
// (used in place from the mapping), "blob" (a backend's own bytes). Every bit that is read is
// covered by a checksum. The checksums find damage; they are no defence against forgery.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mtmi/device/backend.h"
#include "mtmi/device/layout.h"
#include "mtmi/graph/graph.h"

namespace mtmi {

/// A value's place in the arena of an executable [bytes].
struct Placement {
  ValueId value = kNoValue;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const Placement&) const = default;
};

/// A compiled part as a value: what every backend's engine holds. The graph is the backend's own
/// lowered one: its operators mean what the backend says, and its constants are its weights.
struct Engine {
  std::string backend;       ///< "cpu"
  std::string capability;    ///< what it was compiled for: "x86-avx512"
  std::string content_hash;  ///< 32 hex digits over all that it was compiled from
  Precision precision = Precision::Float32;
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
  std::vector<std::string> observed;  ///< values that an observer is given
  Graph graph;
  std::vector<Placement> placements;
  std::uint64_t arena_bytes = 0;
  std::vector<std::byte> blob;
};

/// The file's bytes; equal engines give equal bytes.
[[nodiscard]] std::vector<std::byte> write_engine(const Engine& engine);

/// The engine in `bytes`. Constants are views of them, kept alive by `owner`; value and node ids
/// are those that write_engine() was given a graph of, renumbered in order.
/// Throws Error(InvalidModel) for anything damaged, truncated, of another format version, or no
/// engine at all.
[[nodiscard]] Engine read_engine(std::span<const std::byte> bytes,
                                 std::shared_ptr<const void> owner);

/// Whether `bytes` start as an engine file does.
[[nodiscard]] bool is_engine(std::span<const std::byte> bytes) noexcept;

/// The hash for Engine::content_hash: of all that compile() is a function of.
[[nodiscard]] std::string content_hash(std::string_view backend,
                                       const Graph& graph,
                                       const Capability& capability,
                                       const CompileOptions& options);

}  // namespace mtmi
