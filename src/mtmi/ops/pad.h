// Adding elements around a tensor, or taking them away.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

/// What stands beyond the border, for the axis a b c d:
enum class PadMode {
  Constant,  ///< x x | a b c d | x x
  Reflect,   ///< c b | a b c d | c b
  Edge,      ///< a a | a b c d | d d
  Wrap,      ///< c d | a b c d | a b
};

/// How one axis of extent n changes: first [start, start + kept) of it is cut out, then `before`
/// and `after` elements are put around that. Negative pads of the node are the cut.
struct AxisPadding {
  std::int64_t start = 0;
  std::int64_t kept = 0;
  std::int64_t before = 0;  ///< >= 0
  std::int64_t after = 0;   ///< >= 0

  [[nodiscard]] std::int64_t extent() const noexcept { return before + kept + after; }

  bool operator==(const AxisPadding&) const = default;
};

struct Padding {
  PadMode mode = PadMode::Constant;
  std::vector<AxisPadding> axes;  ///< one per axis of the data
};

/// What the node of operator Pad in `context` does. Throws as InferContext::constant_ints, and
/// Error(InvalidModel) for pads that do not fit.
[[nodiscard]] Padding padding_of(const InferContext& context);

/// Where in the kept part (of extent `kept` > 0) the element at `position` behind its first one
/// comes from, for every mode but Constant. `position` may lie far outside.
[[nodiscard]] std::int64_t padding_source(PadMode mode, std::int64_t position, std::int64_t kept);

}  // namespace mtmi::ops
