// Chains of Reshape and Transpose as one value. Private to passes/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mtmi/shape.h"

namespace mtmi::passes {

/// What a chain of reshapes and transposes does to a tensor, whatever its steps were: the extents
/// of the source are split into factors, the factors are put into another order, and the result
/// groups them into axes again. Two chains that move every element to the same place have equal
/// steps().
class Layout {
 public:
  /// The chain of no steps. Pre: the shape has elements.
  explicit Layout(const Shape& source);

  /// Appends a reshape. False, changing nothing, where the new axes cut across factors that do not
  /// lie side by side in the source ([2,3] transposed and read as [2,3]): only a copy would do it.
  /// Pre: as many elements.
  [[nodiscard]] bool reshape(const Shape& shape);

  /// Appends a transpose: axis i of the result is axis permutation[i].
  void transpose(std::span<const int> permutation);

  [[nodiscard]] Shape shape() const;

  /// The shortest chain of the same effect: a reshape, a transpose, a reshape, each if needed.
  struct Steps {
    std::optional<Shape> split;
    std::vector<int> permutation;  ///< empty: no transpose
    std::optional<Shape> merge;

    [[nodiscard]] int count() const {
      return (split ? 1 : 0) + (permutation.empty() ? 0 : 1) + (merge ? 1 : 0);
    }

    bool operator==(const Steps&) const = default;
  };

  /// Of two equally short chains the one that transposes more axes, and of those the one that
  /// reshapes last.
  [[nodiscard]] Steps steps() const;

 private:
  /// `extent` elements, `stride` elements apart in the source.
  struct Factor {
    std::int64_t stride = 1;
    std::int64_t extent = 1;
    bool operator==(const Factor&) const = default;
  };

  using Axes = std::vector<std::vector<Factor>>;

  static Axes axes_of(const Shape& shape);
  static std::vector<Factor> coalesced(const Axes& axes);
  static std::optional<Axes> distributed(std::vector<Factor> factors, const Shape& shape);
  [[nodiscard]] std::optional<std::vector<Factor>> grains_of_source(
      const std::vector<Factor>& factors) const;
  [[nodiscard]] std::optional<std::vector<Factor>> grains_of_result() const;
  [[nodiscard]] Steps steps_over(const std::vector<Factor>& grains) const;

  Shape source_;
  Axes axes_;  // factors of the axes of the result, outermost first; of extent 1: none
};

}  // namespace mtmi::passes
