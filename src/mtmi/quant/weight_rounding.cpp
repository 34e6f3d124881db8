#include "mtmi/quant/weight_rounding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/thread_pool.h"

namespace mtmi::quant {
namespace {

constexpr double kDamping = 0.01;
constexpr float kLargest = 127.0F;

// A sum in one order for every compiler, in lanes that it may compute side by side.
double dot(const double* a, const double* b, std::size_t n) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] += a[i + lane] * b[i + lane];
    }
  }
  double sum = 0.0;
  for (; i < n; ++i) {
    sum += a[i] * b[i];
  }
  return std::accumulate(lanes.begin(), lanes.end(), sum);
}

std::int64_t dot(const std::int16_t* a, const std::int16_t* b, std::size_t n) {
  std::int32_t sum = 0;  // up to 2^16 products of up to 2^14
  for (std::size_t i = 0; i < n; ++i) {
    sum += std::int32_t{a[i]} * std::int32_t{b[i]};
  }
  return sum;
}

/// The lower triangle L of H = L L^T, in full rows of `n`.
class Factor {
 public:
  Factor(const SecondMoments& moments, const std::vector<std::size_t>& order)
      : n_(order.size()), values_(n_ * n_, 0.0) {
    double mean = 0.0;
    for (std::size_t i = 0; i < n_; ++i) {
      mean += moments.at(i, i) / static_cast<double>(n_);
    }
    // Taps that were never read but as zeros get something to divide by.
    const double damping = mean > 0.0 ? kDamping * mean : 1.0;
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        row(i)[j] = moments.at(order[i], order[j]) + (i == j ? damping : 0.0);
      }
    }
    decompose(damping);
  }

  [[nodiscard]] const double* row(std::size_t i) const noexcept { return &values_[i * n_]; }

 private:
  [[nodiscard]] double* row(std::size_t i) noexcept { return &values_[i * n_]; }

  /// Column by column, in blocks of rows: every element is made by one thread, in one order.
  void decompose(double least) {
    constexpr std::size_t kRows = 64;
    for (std::size_t j = 0; j < n_; ++j) {
      double* const pivot_row = row(j);
      const double square = pivot_row[j] - dot(pivot_row, pivot_row, j);
      // Rounding may take away what damping gave; the exact value is no smaller.
      const double pivot = std::sqrt(std::max(square, least));
      pivot_row[j] = pivot;
      const std::size_t rows = n_ - j - 1;
      const auto blocks = static_cast<std::int64_t>((rows + kRows - 1) / kRows);
      thread_pool().parallel_for(blocks, [&](std::int64_t block) {
        const std::size_t first = j + 1 + static_cast<std::size_t>(block) * kRows;
        for (std::size_t i = first; i < std::min(first + kRows, n_); ++i) {
          row(i)[j] = (row(i)[j] - dot(row(i), pivot_row, j)) / pivot;
        }
      });
    }
  }

  std::size_t n_;
  std::vector<double> values_;
};

/// Taps in the order of their moments, the largest last.
std::vector<std::size_t> by_weight(const SecondMoments& moments) {
  std::vector<std::size_t> order(moments.taps());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return moments.at(a, a) < moments.at(b, b);
  });
  return order;
}

void round_row(std::span<const float> weights,
               float scale,
               const Factor& factor,
               const std::vector<std::size_t>& order,
               std::span<float> rounded) {
  const std::size_t n = order.size();
  std::vector<double> owed(n, 0.0);  // to the taps that are not yet rounded, times L[k,k]
  for (std::size_t k = n; k-- > 0;) {
    const double* const row = factor.row(k);
    const float weight = weights[order[k]];
    const double wanted = static_cast<double>(weight) + owed[k] / row[k];
    const float steps = static_cast<float>(std::round(wanted / static_cast<double>(scale)));
    const bool sets_scale = std::abs(weight / scale) > kLargest - 0.001F;
    const float kept = sets_scale ? weight : scale * std::clamp(steps, -kLargest, kLargest);
    rounded[order[k]] = kept;
    const double missing = static_cast<double>(weight) - static_cast<double>(kept);
    for (std::size_t j = 0; j < k; ++j) {
      owed[j] += missing * row[j];
    }
  }
}

}  // namespace

SecondMoments::SecondMoments(std::size_t taps) : taps_(taps) {
  MTMI_ASSERT(taps > 0);
  require_memory(triangle(taps) * sizeof(std::int64_t), "the second moments of a layer's input");
  sums_.resize(triangle(taps));
}

void SecondMoments::add(std::span<const std::int16_t> values, std::size_t count) {
  MTMI_ASSERT(values.size() == taps_ * count && count <= 65536);
  thread_pool().parallel_for(static_cast<std::int64_t>(taps_), [&](std::int64_t tap) {
    const auto i = static_cast<std::size_t>(tap);
    for (std::size_t j = 0; j <= i; ++j) {
      sums_[triangle(i) + j] += dot(&values[i * count], &values[j * count], count);
    }
  });
}

std::vector<float> round_with_feedback(std::span<const float> weights,
                                       std::span<const float> scales,
                                       const SecondMoments& moments) {
  const std::size_t taps = moments.taps();
  MTMI_ASSERT(weights.size() == scales.size() * taps);
  require_memory(taps * taps * sizeof(double), "the factors of a layer's second moments");
  const std::vector<std::size_t> order = by_weight(moments);
  const Factor factor(moments, order);
  std::vector<float> rounded(weights.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(scales.size()), [&](std::int64_t r) {
    const auto row = static_cast<std::size_t>(r);
    round_row(weights.subspan(row * taps, taps),
              scales[row],
              factor,
              order,
              std::span(rounded).subspan(row * taps, taps));
  });
  return rounded;
}

}  // namespace mtmi::quant
