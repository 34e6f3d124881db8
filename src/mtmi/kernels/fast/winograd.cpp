#include "mtmi/kernels/fast/winograd.h"

#include <array>

namespace mtmi::kernels {
namespace {

using Column6 = std::array<double, 6>;

/// G g for one column of three weights.
Column6 expand(double a, double b, double c) {
  return {a / 4.0,
          -(a + b + c) / 6.0,
          -(a - b + c) / 6.0,
          (a + 2.0 * b + 4.0 * c) / 24.0,
          (a - 2.0 * b + 4.0 * c) / 24.0,
          c};
}

}  // namespace

void winograd_weights(const float* weights, std::int64_t oc, std::int64_t ic, std::span<float> u) {
  for (std::int64_t o = 0; o < oc; ++o) {
    for (std::int64_t i = 0; i < ic; ++i) {
      const float* g = weights + (o * ic + i) * 9;
      std::array<Column6, 3> columns;
      for (std::size_t x = 0; x < 3; ++x) {
        columns[x] = expand(g[x], g[3 + x], g[6 + x]);
      }
      for (std::size_t y = 0; y < 6; ++y) {
        const Column6 row = expand(columns[0][y], columns[1][y], columns[2][y]);
        for (std::size_t x = 0; x < 6; ++x) {
          const auto place = static_cast<std::int64_t>(y * 6 + x);
          u[static_cast<std::size_t>((place * ic + i) * oc + o)] = static_cast<float>(row[x]);
        }
      }
    }
  }
}

}  // namespace mtmi::kernels
