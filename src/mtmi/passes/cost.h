// What rewrites that trade one operator for another are decided by. Private to passes/.
#pragma once

#include "mtmi/shape.h"

namespace mtmi::passes {

/// What it costs to read or write one element in an operator that does little else, in
/// multiply-accumulates: on a CPU with 32 to 64 of these per cycle and core, memory gives about
/// three float32 in that time [MAC].
inline constexpr double kElementWork = 16.0;

/// Of a convolution without groups [MAC]. `weights` is [oc, ic, k...].
[[nodiscard]] inline double convolution_work(const Shape& dst, const Shape& weights) {
  return static_cast<double>(dst.num_elements()) * static_cast<double>(weights.num_elements()) /
         static_cast<double>(weights[0] > 0 ? weights[0] : 1);
}

/// Of an operator that passes over these elements once [MAC].
[[nodiscard]] inline double element_work(const Shape& shape) {
  return kElementWork * static_cast<double>(shape.num_elements());
}

}  // namespace mtmi::passes
