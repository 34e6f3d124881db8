// ReduceSum and its kin, ArgMax and ArgMin: which axes they reduce and what shape is left.
#pragma once

#include <vector>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

struct Reduction {
  std::vector<int> axes;  ///< counted from the front, in the order given
  Shape kept;             ///< the source with extent 1 at every reduced axis
  Shape dst;              ///< `kept`, or without those axes where keepdims is 0
};

/// The reduction of a Reduce* node (axes from input 1), ArgMax or ArgMin (from attribute axis).
/// Throws Error(InvalidModel | Unsupported) for axes that are out of range, given twice or unknown.
[[nodiscard]] Reduction reduction_of(const InferContext& context);

}  // namespace mtmi::ops
