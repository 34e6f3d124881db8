// CumSum: running sums along an axis.
#pragma once

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

/// The axis of a CumSum node, counted from the front. Throws Error(InvalidModel | Unsupported) if
/// it is out of range or not known.
[[nodiscard]] int cum_sum_axis(const InferContext& context);

}  // namespace mtmi::ops
