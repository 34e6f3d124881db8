// The scalar functions behind the activation operators: their definition, for every float type
// (relu and prelu: for integers too).
//
// Kernels take views and write to views. They do not allocate, throw, log, lock, or keep state.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mtmi/kernels/arithmetic.h"

namespace mtmi::kernels {

/// max(x, 0); a NaN stays one.
template <class T>
[[nodiscard]] T relu(T x) noexcept {
  return x < T{0} ? T{0} : x;
}

/// x, or slope * x below 0.
template <class T>
[[nodiscard]] T prelu(T x, T slope) noexcept {
  return x < T{0} ? multiply(slope, x) : x;
}

/// x above alpha, otherwise 0.
template <class T>
[[nodiscard]] T thresholded_relu(T x, T alpha) noexcept {
  return x > alpha ? x : T{0};
}

/// x, or alpha (e^x - 1) below 0.
template <class T>
[[nodiscard]] T elu(T x, T alpha) noexcept {
  return x < T{0} ? alpha * std::expm1(x) : x;
}

/// x, or alpha (e^(x / alpha) - 1) below 0.
template <class T>
[[nodiscard]] T celu(T x, T alpha) noexcept {
  return x < T{0} ? alpha * std::expm1(x / alpha) : x;
}

/// gamma elu(x, alpha)
template <class T>
[[nodiscard]] T selu(T x, T alpha, T gamma) noexcept {
  return gamma * elu(x, alpha);
}

/// 1 / (1 + e^-x), in the form that does not overflow.
template <class T>
[[nodiscard]] T sigmoid(T x) noexcept {
  if (x >= T{0}) {
    return T{1} / (T{1} + std::exp(-x));
  }
  const T e = std::exp(x);
  return e / (T{1} + e);
}

/// alpha x + beta within [0, 1]; a NaN stays one.
template <class T>
[[nodiscard]] T hard_sigmoid(T x, T alpha, T beta) noexcept {
  return std::clamp(alpha * x + beta, T{0}, T{1});
}

/// x hard_sigmoid(x, 1/6, 1/2)
template <class T>
[[nodiscard]] T hard_swish(T x) noexcept {
  return x * hard_sigmoid(x, T{1} / T{6}, T{1} / T{2});
}

/// ln(1 + e^x), in the form that does not overflow.
template <class T>
[[nodiscard]] T softplus(T x) noexcept {
  return relu(x) + std::log1p(std::exp(-std::abs(x)));
}

/// x / 2 (1 + erf(x / sqrt(2)))
template <class T>
[[nodiscard]] T gelu(T x) noexcept {
  // erfc keeps its digits where 1 + erf cancels; where it is 0, so is the product, even for
  // -infinity.
  const T below = T{0.5} * std::erfc(-x / std::numbers::sqrt2_v<T>);
  return below == T{0} ? T{0} : x * below;
}

/// x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): gelu() to about 1e-3.
template <class T>
[[nodiscard]] T gelu_tanh(T x) noexcept {
  const T inner = std::sqrt(T{2} * std::numbers::inv_pi_v<T>) * (x + T(0.044715) * x * x * x);
  const T below = T{0.5} * (T{1} + std::tanh(inner));
  return below == T{0} ? T{0} : x * below;
}

/// x tanh(softplus(x))
template <class T>
[[nodiscard]] T mish(T x) noexcept {
  return x * std::tanh(softplus(x));
}

/// x / (1 + |x|)
template <class T>
[[nodiscard]] T softsign(T x) noexcept {
  return x / (T{1} + std::abs(x));
}

template <class T>
[[nodiscard]] T tanh(T x) noexcept {
  return std::tanh(x);
}

}  // namespace mtmi::kernels
