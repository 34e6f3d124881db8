// What the steps of the CPU read from lowered nodes, checked. Private to steps/.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/backends/common_host/node_reader.h"
#include "mtmi/backends/cpu/lower/operators.h"
#include "mtmi/graph/graph.h"
#include "mtmi/kernels/fast/depthwise.h"
#include "mtmi/kernels/fast/resize.h"

namespace mtmi::cpu {

/// Everything throws Error(InvalidModel) naming the node where it does not hold.
class NodeReader : public host::NodeReader {
 public:
  using host::NodeReader::NodeReader;

  /// Refuses inputs fewer than `count` and element types other than `type` of those and output 0.
  void require_inputs(std::size_t count, DType type = DType::Float32) const;
  /// Refuses input 1 unless it has so many elements of this type.
  void require_weights(std::int64_t count, DType type) const;
  /// Elements of an input, or nothing for one that is left out.
  void require_elements(std::size_t index, std::int64_t count, std::string_view what) const;

  /// Kernel, strides, dilations, pads of the maps [n,h,w,c] of input 0 and output 0.
  [[nodiscard]] std::array<kernels::WindowSpec, 2> windows() const;
  /// Bias and activations; data pointers are filled in at run time.
  [[nodiscard]] kernels::Epilogue epilogue() const;
};

/// The taps of one axis ("row", "column") from the attributes of a resize.
[[nodiscard]] std::vector<kernels::ResizeTap> read_taps(const NodeReader& node,
                                                        const std::string& axis,
                                                        std::int64_t in,
                                                        std::int64_t out);

}  // namespace mtmi::cpu
