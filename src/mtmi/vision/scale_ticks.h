// Private to vision/: round numbers along a scale.
#pragma once

#include <string>
#include <vector>

namespace mtmi::vision {

/// About `count` round numbers (1, 2 or 5 times a power of ten apart) in [low, high]. The numbers
/// depend on the ends alone. Pre: low < high, both finite; count >= 1.
[[nodiscard]] std::vector<float> linear_ticks(float low, float high, int count);

/// The numbers 1, 2 and 5 times a power of ten in [low, high]. Pre: 0 < low < high.
[[nodiscard]] std::vector<float> log_ticks(float low, float high);

/// `value` with the digits that it needs, at most four: "0.05", "2", "80", "1.5e+06".
[[nodiscard]] std::string tick_text(float value);

}  // namespace mtmi::vision
