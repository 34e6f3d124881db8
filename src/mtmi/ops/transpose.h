// Permuting axes.
#pragma once

#include <vector>

#include "mtmi/graph/attributes.h"

namespace mtmi::ops {

/// For each axis of the result the axis of the input: attribute `perm` of Transpose, or the reverse
/// order where it is not set. Throws Error(InvalidModel) unless it is a permutation of `rank` axes.
[[nodiscard]] std::vector<int> transpose_permutation(const Attributes& attributes, int rank);

}  // namespace mtmi::ops
