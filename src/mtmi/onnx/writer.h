// Graphs to ONNX files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "mtmi/graph/graph.h"

namespace mtmi::onnx {

inline constexpr std::int64_t kOldestWrittenOpset = 13;
inline constexpr std::int64_t kNewestWrittenOpset = 21;

/// The opset to write a model with that was read with `opset_read`: 17, or more if that was more.
[[nodiscard]] constexpr std::int64_t opset_to_write(std::int64_t opset_read) noexcept {
  return std::clamp<std::int64_t>(opset_read, 17, kNewestWrittenOpset);
}

struct WriteOptions {
  std::int64_t opset = 17;
  /// Keep tensors of a KiB or more in FILE.data beside the file. Done anyway where the file would
  /// come near the 2 GiB that protobuf can read.
  bool external_data = false;
  std::map<std::string, std::string> metadata = {};
};

/// Writes `graph` with ONNX's own operators: what the opset lacks (and Attention, always) is
/// written out with older ones, inputs that were attributes become attributes again. read_model()
/// gives the graph back, up to those. The same graph and options give the same bytes.
/// The files appear whole or not at all.
///
/// Throws Error(InvalidArgument) if the opset is not one of 13 to 21, Error(Unsupported) naming the
/// node where the opset cannot express it, Error(InvalidModel) where that takes a type that is not
/// known, Error(Io).
void write_model(const Graph& graph,
                 const std::filesystem::path& path,
                 const WriteOptions& options = {});

/// The bytes of the file; external_data is not looked at. Throws as above, and Error(Unsupported)
/// if they would be over 2 GiB.
[[nodiscard]] std::string serialize_model(const Graph& graph, const WriteOptions& options = {});

}  // namespace mtmi::onnx
