#include "mtmi/dla/int8_arithmetic.h"

#include <array>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"

namespace mtmi::dla {
namespace {

// A sum of kMaxInt32Taps products and a bias of at most this stay below 2^31.
constexpr double kMaxBias = 1073741824.0;

/// std::round() without a call of the library. Pre: |x| <= 127.
std::int8_t round_away(double x) {
  constexpr double kBelowHalf = 0x1.fffffffffffffp-2;  // a half would take what is next to it along
  return static_cast<std::int8_t>(x + std::copysign(kBelowHalf, x));
}

}  // namespace

Float16 to_half(float x) noexcept {
  return to_float16(x > kLargestFloat16    ? kLargestFloat16
                    : x < -kLargestFloat16 ? -kLargestFloat16
                                           : x);
}

Float16 round_to_half(double x) noexcept {
  const double limit = kLargestFloat16;
  return round_to_float16(std::isnan(x) ? x : std::clamp(x, -limit, limit));
}

std::int8_t quantize_half(Float16 h, float scale, Rounding rounding) noexcept {
  const float x = to_float(h) / scale;
  return std::isnan(x) ? std::int8_t{0} : to_int8(x, rounding);
}

Float16 sigmoid_of_half(Float16 x) noexcept {
  return round_to_half(1.0 / (1.0 + std::exp(-static_cast<double>(to_float(x)))));
}

Float16 tanh_of_half(Float16 x) noexcept {
  return round_to_half(std::tanh(static_cast<double>(to_float(x))));
}

void softmax_of_halves(const Float16* src,
                       Float16* dst,
                       std::int64_t n,
                       std::int64_t stride) noexcept {
  float most = to_float(src[0]);
  for (std::int64_t i = 1; i < n; ++i) {
    most = std::max(most, to_float(src[i * stride]));
  }
  const auto power = [&](std::int64_t i) {
    return static_cast<float>(std::exp(static_cast<double>(to_float(src[i * stride]) - most)));
  };
  float sum = 0.0F;
  for (std::int64_t i = 0; i < n; ++i) {
    sum += power(i);
  }
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i * stride] = to_half(power(i) / sum);
  }
}

QuantizedWeights quantize_weights(std::span<const float> weights,
                                  std::span<const float> bias,
                                  float src_scale,
                                  Rounding rounding) {
  MTMI_ASSERT(src_scale > 0.0F && !weights.empty());
  QuantizedWeights result;
  const std::size_t rows = bias.size();
  MTMI_ASSERT(rows > 0 && weights.size() % rows == 0);
  const std::size_t row = weights.size() / rows;
  const double src = src_scale;
  result.weights.reserve(weights.size());
  for (std::size_t k = 0; k < rows; ++k) {
    const auto of_row = weights.subspan(k * row, row);
    double most = 0.0;
    for (const float w : of_row) {
      most = std::max(most, std::abs(static_cast<double>(w)));
    }
    const double wanted = std::max(most / 127.0, std::abs(bias[k]) / (src * kMaxBias));
    const auto narrow = static_cast<float>(wanted);
    const float scale = narrow > 0.0F ? narrow : 1.0F;
    for (const float w : of_row) {
      const double q = static_cast<double>(w) / static_cast<double>(scale);
      const double in_range = std::clamp(q, -127.0, 127.0);
      result.weights.push_back(rounding == Rounding::HalfAway
                                   ? round_away(in_range)
                                   : static_cast<std::int8_t>(rounded(in_range, rounding)));
    }
    const double b =
        rounded(static_cast<double>(bias[k]) / (src * static_cast<double>(scale)), rounding);
    result.bias.push_back(static_cast<std::int32_t>(std::clamp(b, -kMaxBias, kMaxBias)));
    result.scales.push_back(scale);
  }
  return result;
}

std::int64_t pooling_reciprocal(std::int64_t n) noexcept {
  static constexpr std::array<std::int64_t, 8> kReciprocals{
      0x10000, 0x8000, 0x5555, 0x4000, 0x3333, 0x2aaa, 0x2492, 0x2000};
  MTMI_ASSERT(1 <= n && n <= 8);
  return kReciprocals[static_cast<std::size_t>(n - 1)];
}

std::int64_t pooling_mean(std::int64_t n, std::int64_t count) noexcept {
  // Exact: fewer bits than a float64 holds, and a power of two.
  return static_cast<std::int64_t>(
      std::round(static_cast<double>(n * pooling_reciprocal(count)) * 0x1p-16));
}

}  // namespace mtmi::dla
