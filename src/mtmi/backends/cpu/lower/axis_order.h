// Chains of views and transposes as one value. Private to lower/.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mtmi/shape.h"

namespace mtmi::cpu {

/// What a chain of views and transposes does to a tensor: its extents are split into factors, and
/// the factors stand in another order.
class AxisOrder {
 public:
  /// The chain of no steps. Pre: the shape has elements.
  explicit AxisOrder(const Shape& source);

  /// Appends a view. False where the new axes cut across factors that do not lie side by side.
  [[nodiscard]] bool view(const Shape& shape);
  /// Appends a transpose: axis i of the result is axis perm[i].
  void transpose(const std::vector<std::int64_t>& perm);

  /// The shortest chain of the same effect but for a last view: a view, then a transpose. An empty
  /// permutation: the elements stand as in the source. Where it can, the transpose makes the axes
  /// of the result themselves, so that no view follows.
  struct Steps {
    Shape split;
    std::vector<std::int64_t> perm;
  };

  [[nodiscard]] Steps steps() const;

 private:
  /// `extent` elements that lie `stride` elements apart in the source.
  struct Factor {
    std::int64_t stride;
    std::int64_t extent;
  };

  static void append(std::vector<Factor>& factors, Factor factor);
  [[nodiscard]] std::vector<Factor> merged() const;
  [[nodiscard]] std::vector<Factor> result_axes() const;

  std::vector<std::vector<Factor>> axes_;  // of the result, outermost first
};

}  // namespace mtmi::cpu
