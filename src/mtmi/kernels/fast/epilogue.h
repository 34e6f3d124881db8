// What is done with the sums of a product before they are written.
#pragma once

#include <cstdint>

namespace mtmi::kernels {

enum class Activation : std::uint8_t {
  None,
  Relu,
  Clip,       ///< min(max(x, alpha), beta)
  LeakyRelu,  ///< x < 0 ? alpha * x : x
  Elu,        ///< x < 0 ? alpha * (e^x - 1) : x
  Sigmoid,
  HardSigmoid,  ///< min(max(alpha * x + beta, 0), 1)
  HardSwish,    ///< x * min(max(x / 6 + 1 / 2, 0), 1)
  Silu,         ///< x * sigmoid(x)
  Tanh,
  Gelu,      ///< x / 2 * (1 + erf(x / sqrt 2))
  GeluTanh,  ///< x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
  Erf,
  Exp,
  Sqrt,
  Abs,
  Neg,
  ThroughInt8,   ///< what DequantizeLinear makes of QuantizeLinear: scale alpha, zero point beta
  ThroughUInt8,  ///< the same of unsigned integers
};

inline constexpr Activation kLastActivation = Activation::ThroughUInt8;

struct ActivationSpec {
  Activation kind = Activation::None;
  float alpha = 0.0F;
  float beta = 0.0F;
  bool operator==(const ActivationSpec&) const = default;
};

/// dst = last(first(sum + bias) + residual)
struct Epilogue {
  const float* bias = nullptr;      ///< per output column; nullptr: 0
  const float* residual = nullptr;  ///< strided as the destination is; nullptr: 0
  ActivationSpec first;
  ActivationSpec last;
};

}  // namespace mtmi::kernels
