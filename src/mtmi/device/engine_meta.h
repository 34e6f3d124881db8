// The sections "meta" (engine.fbs) and "weights" of an engine file. Private to device.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mtmi/device/engine_file.h"

namespace mtmi::engine_meta {

/// Where constants begin in the weights [bytes].
inline constexpr std::size_t kWeightAlignment = 64;

struct Sections {
  std::vector<std::byte> meta;
  std::vector<std::byte> weights;
};

/// All of the engine but its hash and its blob. Equal engines give equal bytes.
[[nodiscard]] Sections write(const Engine& engine);
/// A graph alone: for hashes.
[[nodiscard]] Sections write(const Graph& graph);

/// The inverse of write(engine), as read_engine() says.
[[nodiscard]] Engine read(std::span<const std::byte> meta,
                          std::span<const std::byte> weights,
                          std::shared_ptr<const void> owner);

}  // namespace mtmi::engine_meta
