// Cutting a box out of a tensor.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

/// The part of one axis that Slice takes: `extent` elements from `start` in steps of `step`.
///
/// Inv: where extent > 0, every position lies in the axis.
struct SliceRange {
  std::int64_t start = 0;
  std::int64_t step = 1;  ///< not 0; may be negative
  std::int64_t extent = 0;
  bool operator==(const SliceRange&) const = default;
};

/// One range per axis of the data, for the node of operator Slice in `context`.
/// Throws as InferContext::constant_ints, and Error(InvalidModel) for ill-formed inputs.
[[nodiscard]] std::vector<SliceRange> slice_ranges(const InferContext& context);

}  // namespace mtmi::ops
