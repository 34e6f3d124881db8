// The arithmetic of INT8 layers, to the bit (docs/numerics.md): rounding, scales of weights.
//
// fl() is one float32 operation, half to even; nothing is contracted. "Our model" where NVIDIA has
// published nothing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/dtype.h"

namespace mtmi::dla {

/// What becomes of a value that lies halfway between two integers.
enum class Rounding : std::uint8_t {
  HalfAway,  ///< away from zero: a DLA (TensorRT developer guide, quantisation, rounding)
  HalfEven,  ///< to the even one: GPUs, ONNX's QuantizeLinear, our CPU
};

/// `x` as an integer, exact. Pre: x is no NaN.
[[nodiscard]] inline float rounded(float x, Rounding rounding) noexcept {
  return rounding == Rounding::HalfAway ? std::round(x) : std::nearbyint(x);
}

[[nodiscard]] inline double rounded(double x, Rounding rounding) noexcept {
  return rounding == Rounding::HalfAway ? std::round(x) : std::nearbyint(x);
}

/// clamp(round(x), -128, 127)
[[nodiscard]] inline std::int8_t to_int8(float x, Rounding rounding) noexcept {
  return static_cast<std::int8_t>(std::clamp(rounded(x, rounding), -128.0F, 127.0F));
}

/// rq(n, m) = clamp(round(fl(fl(n) * m)), -128, 127): how an accumulator leaves a layer.
[[nodiscard]] inline std::int8_t requantize(std::int64_t n, float m, Rounding rounding) noexcept {
  return to_int8(static_cast<float>(n) * m, rounding);
}

/// f16(x), clamped to the largest finite halves.
[[nodiscard]] Float16 to_half(float x) noexcept;

/// fl(fl(n) * m) as a half: how an accumulator leaves a layer in FP16.
[[nodiscard]] inline Float16 leave_as_half(std::int64_t n, float m) noexcept {
  return to_half(static_cast<float>(n) * m);
}

/// clamp(round(fl(h / scale)), -128, 127): a half that becomes INT8. Pre: scale > 0. NaN becomes 0.
[[nodiscard]] std::int8_t quantize_half(Float16 h, float scale, Rounding rounding) noexcept;

/// The float64 `x` rounded once to a half, half to even, clamped to the largest finite halves; NaN
/// stays. (By way of float32 it would be rounded twice.)
[[nodiscard]] Float16 round_to_half(double x) noexcept;

/// Sigmoid and tanh of an FP16 layer: the float64 result, rounded once. Our model.
[[nodiscard]] Float16 sigmoid_of_half(Float16 x) noexcept;
[[nodiscard]] Float16 tanh_of_half(Float16 x) noexcept;

/// Softmax of an FP16 layer over `n` halves that lie `stride` apart. Our model: with m the largest,
/// e_i = the float64 exp(fl(x_i - m)) rounded to float32; their sum is taken in float32 in
/// ascending order; y_i = f16(fl(e_i / sum)).
void softmax_of_halves(const Float16* src,
                       Float16* dst,
                       std::int64_t n,
                       std::int64_t stride) noexcept;

/// The rows of a product's weights on the INT8 grid, one scale a row.
struct QuantizedWeights {
  std::vector<std::int8_t> weights;  ///< in the order given; within [-127, 127]
  std::vector<std::int32_t> bias;    ///< one per row, in steps of src_scale * scales[k]
  std::vector<float> scales;         ///< of the weights of each row [1]
};

/// Of `weights` [rows, row] and `bias` [rows]:
///   scales[k]  = max(max |W[k]| / 127, |b[k]| / (src_scale * 2^30)) rounded once to float32; 1
///                where that is 0
///   weights    = clamp(round(W / scales[k]), -127, 127)
///   bias       = round(b / (src_scale * scales[k]))
/// all else in float64. With up to kMaxInt32Taps products a sum fits into 32 bits.
/// Pre: all finite, at least one row and one weight a row, src_scale > 0.
[[nodiscard]] QuantizedWeights quantize_weights(std::span<const float> weights,
                                                std::span<const float> bias,
                                                float src_scale,
                                                Rounding rounding);

/// Rows of weights of more products than these are summed in 64 bits.
inline constexpr std::int64_t kMaxInt32Taps = 65536;

/// 2^16 / n as NVDLA holds it, for n in [1, 8]: averages multiply by it (NVDLA's unit description,
/// PDP).
[[nodiscard]] std::int64_t pooling_reciprocal(std::int64_t n) noexcept;

/// round(n * pooling_reciprocal(count) / 2^16), half away from zero
[[nodiscard]] std::int64_t pooling_mean(std::int64_t n, std::int64_t count) noexcept;

}  // namespace mtmi::dla
