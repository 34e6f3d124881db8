// Colours for numbers.
#pragma once

#include "mtmi/vision/color.h"

namespace mtmi::vision {

enum class ColorMap {
  Turbo,    ///< dark blue, cyan, green, yellow, dark red: even steps, for depth
  Jet,      ///< the classic rainbow: what the origin of the dumps draws depth in
  Viridis,  ///< dark violet to yellow with rising brightness: for heat maps
};

/// The colour of `t`, clamped to 0..1; NaN is that of 0.
[[nodiscard]] Color color_at(ColorMap map, float t) noexcept;

}  // namespace mtmi::vision
