// What infer() of many operators checks, and the sentence with which it refuses.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/dtype.h"
#include "mtmi/shape.h"

namespace mtmi::ops {

/// Throws Error(InvalidModel) "got `got`, expected `expected`".
[[noreturn]] void refuse(std::string_view got, std::string_view expected);

/// Refuses all but Float32, Float16, BFloat16, Float64.
void require_floating_point(DType got);

/// Refuses Bool.
void require_numeric(DType got);

/// Refuses unless both are the same.
void require_dtype(DType got, DType expected);

/// Refuses all but Int32 and Int64. `role` names the input: "indices".
void require_index_dtype(DType got, std::string_view role);

/// `axis` in [-rank, rank) brought to [0, rank). Refuses what is outside.
[[nodiscard]] int normalized_axis(std::int64_t axis, int rank);

/// The same for each of several, in their order. Refuses duplicates too.
[[nodiscard]] std::vector<int> normalized_axes(std::span<const std::int64_t> axes, int rank);

/// The shape of these extents. Refuses negative ones and those whose product overflows.
[[nodiscard]] Shape checked_shape(std::vector<std::int64_t> extents);

/// "[2,0,1]"
[[nodiscard]] std::string list_of(std::span<const std::int64_t> values);

}  // namespace mtmi::ops
