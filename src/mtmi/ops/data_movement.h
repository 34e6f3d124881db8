// Operators that compute nothing: one table for all that treat them apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace mtmi::ops {

/// What an operator does instead of computing.
enum class Movement : std::uint8_t {
  None,      ///< it computes
  View,      ///< the same elements in the same order, under another shape
  Move,      ///< elements go elsewhere, are repeated or left out; constants may come between
  Pick,      ///< element by element, to or from positions that a tensor gives
  Generate,  ///< from shapes and constants alone
};

/// None for operators that are not known.
[[nodiscard]] Movement movement_of(std::string_view op) noexcept;

}  // namespace mtmi::ops
