// How a layer's integers become those of its result. Private to lower/.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "mtmi/backends/common_int8/lower/builder.h"
#include "mtmi/backends/common_int8/lower/layer_at.h"

namespace mtmi::int8 {

/// Multipliers from the real values `steps` of one integer (numerators, over `denominator`) to
/// the layer's result, one per entry; and those of negative numbers where `exit` has slopes.
struct Multipliers {
  std::vector<float> positive;
  std::vector<float> negative;  ///< empty: the same
};

/// step / (denominator * scale) in float64, rounded once; a slope is multiplied to the step.
/// `scale` is nothing for a result in FP16. Slopes and steps: one, or equally many.
[[nodiscard]] Multipliers multipliers(std::span<const double> steps,
                                      double denominator,
                                      std::optional<float> scale,
                                      std::span<const float> slopes);

/// Attributes `lo` and `hi`: where `exit` ends an INT8 result.
void add_bounds(Attributes& attributes, const Exit& exit, float scale, dla::Rounding rounding);

/// Adds int8.ClampHalf behind a result in FP16 where `exit` has bounds. Pre: defined.
void clamp_half_result(Builder& builder, ValueId source, const Exit& exit);

}  // namespace mtmi::int8
