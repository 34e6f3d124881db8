// Index tensors as they come from the network: never trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/tensor.h"

namespace mtmi::interp {

/// `index` in [-extent, extent) brought to [0, extent).
/// Throws Error(InvalidModel) "got index X, expected ...".
[[nodiscard]] std::int64_t checked_index(std::int64_t index, std::int64_t extent);

/// All elements of an Int32 or Int64 tensor, each a checked_index() into an axis of `extent`.
[[nodiscard]] std::vector<std::int64_t> checked_indices(const Tensor& indices, std::int64_t extent);

/// The row-major offset of a position in axes of `extents`, each entry a checked_index().
/// Pre: both are equally long.
[[nodiscard]] std::size_t checked_position(std::span<const std::int64_t> position,
                                           std::span<const std::int64_t> extents);

}  // namespace mtmi::interp
