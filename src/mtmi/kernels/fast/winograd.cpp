#include "mtmi/kernels/fast/winograd.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace mtmi::kernels {
namespace {

// Outputs at a time: of each, the same place lies in one line.
constexpr std::size_t kLanes = 16;

using Lanes = std::array<double, kLanes>;
using Column6 = std::array<Lanes, 6>;

/// G g for one column of three weights of every output.
void expand(const Lanes& a, const Lanes& b, const Lanes& c, Column6& column) {
  for (std::size_t k = 0; k < kLanes; ++k) {
    column[0][k] = a[k] / 4.0;
    column[1][k] = -(a[k] + b[k] + c[k]) / 6.0;
    column[2][k] = -(a[k] - b[k] + c[k]) / 6.0;
    column[3][k] = (a[k] + 2.0 * b[k] + 4.0 * c[k]) / 24.0;
    column[4][k] = (a[k] - 2.0 * b[k] + 4.0 * c[k]) / 24.0;
    column[5][k] = c[k];
  }
}

/// The 36 places of `count` outputs and one input channel: u[place * place_stride + output].
void transform(const float* weights,
               std::int64_t output_stride,
               std::size_t count,
               float* u,
               std::int64_t place_stride) {
  std::array<Lanes, 9> g{};
  for (std::size_t k = 0; k < count; ++k) {
    const float* from = weights + static_cast<std::int64_t>(k) * output_stride;
    for (std::size_t place = 0; place < 9; ++place) {
      g[place][k] = from[place];
    }
  }
  std::array<Column6, 3> columns;
  for (std::size_t x = 0; x < 3; ++x) {
    expand(g[x], g[3 + x], g[6 + x], columns[x]);
  }
  for (std::size_t y = 0; y < 6; ++y) {
    Column6 row;
    expand(columns[0][y], columns[1][y], columns[2][y], row);
    for (std::size_t x = 0; x < 6; ++x) {
      float* to = u + static_cast<std::int64_t>(y * 6 + x) * place_stride;
      for (std::size_t k = 0; k < count; ++k) {
        to[k] = static_cast<float>(row[x][k]);
      }
    }
  }
}

}  // namespace

void winograd_weights(const float* weights,
                      std::int64_t oc,
                      std::int64_t ic,
                      std::int64_t begin,
                      std::int64_t end,
                      std::span<float> u) {
  constexpr auto kStep = static_cast<std::int64_t>(kLanes);
  for (std::int64_t i = begin; i < end; ++i) {
    for (std::int64_t o = 0; o < oc; o += kStep) {
      transform(weights + (o * ic + i) * 9,
                ic * 9,
                static_cast<std::size_t>(std::min(kStep, oc - o)),
                u.data() + i * oc + o,
                ic * oc);
    }
  }
}

}  // namespace mtmi::kernels
