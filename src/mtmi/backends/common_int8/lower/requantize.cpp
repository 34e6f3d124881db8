#include "mtmi/backends/common_int8/lower/requantize.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "mtmi/core/half.h"

namespace mtmi::int8 {

Multipliers multipliers(std::span<const double> steps,
                        double denominator,
                        std::optional<float> scale,
                        std::span<const float> slopes) {
  const double divisor = denominator * (scale ? static_cast<double>(*scale) : 1.0);
  const std::size_t count = std::max(steps.size(), slopes.size());
  Multipliers result;
  for (std::size_t i = 0; i < count; ++i) {
    const double step = steps[steps.size() == 1 ? 0 : i];
    result.positive.push_back(static_cast<float>(step / divisor));
    if (!slopes.empty()) {
      const double slope = slopes[slopes.size() == 1 ? 0 : i];
      result.negative.push_back(static_cast<float>(step * slope / divisor));
    }
  }
  return result;
}

void add_bounds(Attributes& attributes, const Exit& exit, float scale, dla::Rounding rounding) {
  const auto steps = [&](const std::optional<float>& bound, std::int8_t otherwise) {
    return std::int64_t{bound ? dla::to_int8(*bound / scale, rounding) : otherwise};
  };
  const std::int64_t lo = steps(exit.least, std::numeric_limits<std::int8_t>::min());
  const std::int64_t hi = steps(exit.most, std::numeric_limits<std::int8_t>::max());
  attributes.set("lo", std::min(lo, hi));
  attributes.set("hi", hi);
}

void clamp_half_result(Builder& builder, ValueId source, const Exit& exit) {
  if (builder.plan().is_int8(source) || (!exit.least && !exit.most)) {
    return;
  }
  builder.define(source,
                 builder.emit("int8.ClampHalf",
                              {builder.half_map(source)},
                              builder.source().value(source).name + "/clamped",
                              {DType::Float16, builder.shape_of(source).half_map()},
                              {{"least", exit.least.value_or(-kLargestFloat16)},
                               {"most", exit.most.value_or(kLargestFloat16)}}));
}

}  // namespace mtmi::int8
