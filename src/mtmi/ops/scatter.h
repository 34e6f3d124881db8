// Writing elements at given positions.
#pragma once

#include "mtmi/graph/attributes.h"

namespace mtmi::ops {

/// What happens where an update meets an element.
enum class ScatterReduction { Replace, Add, Multiply, Minimum, Maximum };

/// Attribute `reduction` of ScatterND and ScatterElements. Throws Error(InvalidModel) if it is
/// another word.
[[nodiscard]] ScatterReduction scatter_reduction(const Attributes& attributes);

}  // namespace mtmi::ops
