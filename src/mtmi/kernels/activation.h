// The scalar functions behind the activation operators: their definition, for every float type.
//
// Kernels take views and write to views. They do not allocate, throw, log, lock, or keep state.
#pragma once

#include <cmath>

namespace mtmi::kernels {

/// max(x, 0); a NaN stays one.
template <class T>
[[nodiscard]] T relu(T x) noexcept {
  return x < T{0} ? T{0} : x;
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

template <class T>
[[nodiscard]] T tanh(T x) noexcept {
  return std::tanh(x);
}

}  // namespace mtmi::kernels
