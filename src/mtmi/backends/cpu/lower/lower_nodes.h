// What turns single nodes of ONNX into steps. Private to lower/.
#pragma once

#include <span>
#include <string_view>

#include "mtmi/backends/cpu/lower/rewriter.h"

namespace mtmi::cpu {

/// Rewrites a node of one operator; returns false, changing nothing, where this backend has no
/// kernel for its attributes, types or shapes: it then runs on the interpreter.
struct NodeLowering {
  std::string_view op;
  bool (*run)(Rewriter& rewriter);
};

// One table per file.
[[nodiscard]] std::span<const NodeLowering> convolution_lowerings();
[[nodiscard]] std::span<const NodeLowering> product_lowerings();
[[nodiscard]] std::span<const NodeLowering> elementwise_lowerings();
[[nodiscard]] std::span<const NodeLowering> quantization_lowerings();
[[nodiscard]] std::span<const NodeLowering> row_lowerings();
[[nodiscard]] std::span<const NodeLowering> spatial_lowerings();

/// Channels first to channels last, and back.
inline const std::vector<std::int64_t> kToChannelsLast{0, 2, 3, 1};
inline const std::vector<std::int64_t> kToChannelsFirst{0, 3, 1, 2};

}  // namespace mtmi::cpu
