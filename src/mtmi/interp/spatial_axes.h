// Convolutions and poolings of fewer than three spatial axes, seen as ones of three.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "mtmi/core/assert.h"
#include "mtmi/core/window.h"

namespace mtmi::interp {

/// `windows` behind as many Window{} (one tap over one element) as make it three.
/// Pre: at most three.
[[nodiscard]] inline std::array<Window, 3> three_windows(std::span<const Window> windows) {
  MTMI_ASSERT(windows.size() <= 3);
  std::array<Window, 3> three;
  std::copy_backward(windows.begin(), windows.end(), three.end());
  return three;
}

}  // namespace mtmi::interp
