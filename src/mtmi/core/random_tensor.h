// Seeded random tensors: the inputs of every check that needs some.
#pragma once

#include <cstdint>

#include "mtmi/tensor.h"

namespace mtmi {

/// A tensor of uniform random elements, the same on every machine: floating-point ones in
/// [low, high), integers in [ceil(low), high) or low where that is empty, bools 0 or 1 evenly.
///
/// Pre: low <= high, both finite. Throws Error(OutOfMemory).
[[nodiscard]] Tensor random_tensor(
    DType dtype, Shape shape, std::uint64_t seed, float low = -1.0F, float high = 1.0F);

}  // namespace mtmi
