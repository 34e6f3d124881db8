// Functions of vectors of floats, and loops over rows of them. Included as simd.h is.
//
// The coefficients are minimax fits made for this file. Errors are measured against double
// precision over all of the stated range; rows_test.cpp tests the functions on random numbers.
#pragma once

#include "mtmi/kernels/fast/epilogue.h"
#include "mtmi/kernels/fast/simd.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

/// c[0] + c[1] x + ...
template <int N>
inline F32 polynomial(F32 x, const float (&c)[N]) {
  F32 sum = broadcast(c[N - 1]);
  MTMI_UNROLL
  for (int i = N - 2; i >= 0; --i) {
    sum = fma(sum, x, broadcast(c[i]));
  }
  return sum;
}

/// e^x, relative error below 2.5e-7; 0 below -87.3, infinity above 88.73; NaN stays.
inline F32 exp(F32 x) {
  constexpr float kLow = -87.33F;
  constexpr float kHigh = 89.0F;
  constexpr float kLog2e = 1.44269504F;
  // ln 2 in two parts: n * kLn2High is exact for |n| < 2^9.
  constexpr float kLn2High = 0.693145752F;
  constexpr float kLn2Low = 1.42860677e-6F;
  constexpr float kQ[] = {0.49999993F, 0.16666521F, 0.04166839F, 0.00836872F, 0.00138146F};
  const F32 clamped = min(broadcast(kHigh), max(broadcast(kLow), x));
  const F32 n = round_to_even(mul(clamped, broadcast(kLog2e)));
  const F32 r = fma(n, broadcast(-kLn2Low), fma(n, broadcast(-kLn2High), clamped));
  const F32 q = polynomial(r, kQ);
  const F32 p = fma(mul(r, r), q, add(r, broadcast(1.0F)));
  // n may be 128, whose power is no float: the last factor of two comes apart.
  return mul(add(p, p), pow2(sub(n, broadcast(1.0F))));
}

/// 2^t, relative error below 2e-7, for t <= 0 (a little above 0 is fine); 2^-126 below -126. What a
/// softmax takes: shorter than exp().
inline F32 exp2_of_negative(F32 t) {
  constexpr float kP[] = {
      1.0F, 0.6931469776F, 0.2402224205F, 0.0555073377F, 0.0096715148F, 0.0013264724F};
  const F32 clamped = max(broadcast(-126.0F), t);
  const F32 n = round_to_even(clamped);
  return scale_by_pow2(polynomial(sub(clamped, n), kP), n);
}

/// erf(x), absolute error below 3.5e-7.
inline F32 erf(F32 x) {
  constexpr float kOne = 3.92F;  // beyond it erf is 1 in float
  constexpr float kP[] = {1.1283790227F,
                          0.1927532357F,
                          0.0530590704F,
                          0.0038678684F,
                          0.0002874695316F,
                          2.0348220648e-6F};
  constexpr float kQ[] = {
      1.0F, 0.5041547777F, 0.1150801615F, 0.0151713785F, 0.0011880047084F, 3.8071035509e-5F};
  const F32 c = min(broadcast(kOne), max(broadcast(-kOne), x));
  const F32 t = mul(c, c);
  return div(mul(c, polynomial(t, kP)), polynomial(t, kQ));
}

inline F32 sigmoid(F32 x) {
  const F32 one = broadcast(1.0F);
  return div(one, add(one, exp(sub(zero(), x))));
}

/// Absolute error below 3e-7.
inline F32 tanh(F32 x) {
  const F32 one = broadcast(1.0F);
  const F32 two = broadcast(2.0F);
  return sub(one, div(two, add(exp(mul(two, x)), one)));
}

inline F32 gelu(F32 x) {
  const F32 half = mul(x, broadcast(0.5F));
  return fma(half, erf(mul(x, broadcast(0.70710678F))), half);
}

inline F32 gelu_tanh(F32 x) {
  const F32 cube = mul(mul(x, x), x);
  const F32 inner = mul(broadcast(0.79788456F), fma(cube, broadcast(0.044715F), x));
  const F32 half = mul(x, broadcast(0.5F));
  return fma(half, tanh(inner), half);
}

/// f(vector) over a row of `n`; `src` may be `dst`.
template <class F>
inline void map_row(const float* src, float* dst, std::int64_t n, const F& f) {
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    store(dst + i, f(load(src + i)));
  }
  if (i < n) {
    store_partial(dst + i, f(load_partial(src + i, n - i)), n - i);
  }
}

/// f(vector, vector) over two rows of `n`; either may be `dst`.
template <class F>
inline void map_rows(const float* a, const float* b, float* dst, std::int64_t n, const F& f) {
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    store(dst + i, f(load(a + i), load(b + i)));
  }
  if (i < n) {
    const F32 x = f(load_partial(a + i, n - i), load_partial(b + i, n - i));
    store_partial(dst + i, x, n - i);
  }
}

inline void add_row(float* dst, const float* b, std::int64_t n) {
  map_rows(dst, b, dst, n, [](F32 x, F32 y) { return add(x, y); });
}

/// What integers from `lowest` to `lowest` + 255 leave of x: rounded half to even, NaN as the
/// integer 0, and no zero is negative. The bits of quantize_ref() and dequantize_ref().
inline F32 through_integers(F32 x, F32 scale, F32 zero_point, float lowest) {
  const F32 low = sub(broadcast(lowest), zero_point);
  const F32 high = add(low, broadcast(255.0F));
  // Clamped first: whoever rounds by adding a large number is exact on small ones only.
  const F32 inside = min(high, max(low, div(x, scale)));
  const F32 steps = add(round_to_even(inside), zero());
  const F32 above = add(high, broadcast(1.0F));
  return mul(select_less(inside, above, steps, sub(zero(), zero_point)), scale);
}

/// Calls `use` with the function of one vector that `spec` stands for.
template <class Use>
inline void with_activation(const ActivationSpec& spec, const Use& use) {
  const F32 alpha = broadcast(spec.alpha);
  const F32 beta = broadcast(spec.beta);
  const F32 one = broadcast(1.0F);
  switch (spec.kind) {
    case Activation::None:
      return use([](F32 x) { return x; });
    case Activation::Relu:
      return use([](F32 x) { return max(zero(), x); });
    case Activation::Clip:
      return use([&](F32 x) { return min(beta, max(alpha, x)); });
    case Activation::LeakyRelu:
      return use([&](F32 x) { return select_less(x, zero(), mul(alpha, x), x); });
    case Activation::Elu:
      return use([&](F32 x) {
        return select_less(x, zero(), mul(alpha, sub(exp(min(zero(), x)), one)), x);
      });
    case Activation::Sigmoid:
      return use([](F32 x) { return sigmoid(x); });
    case Activation::HardSigmoid:
      return use([&](F32 x) { return min(one, max(zero(), fma(alpha, x, beta))); });
    case Activation::HardSwish:
      return use([&](F32 x) {
        const F32 gate = fma(x, broadcast(1.0F / 6.0F), broadcast(0.5F));
        return mul(x, min(one, max(zero(), gate)));
      });
    case Activation::Silu:
      return use([](F32 x) { return mul(x, sigmoid(x)); });
    case Activation::Tanh:
      return use([](F32 x) { return tanh(x); });
    case Activation::Gelu:
      return use([](F32 x) { return gelu(x); });
    case Activation::GeluTanh:
      return use([](F32 x) { return gelu_tanh(x); });
    case Activation::Erf:
      return use([](F32 x) { return erf(x); });
    case Activation::Exp:
      return use([](F32 x) { return exp(x); });
    case Activation::Sqrt:
      return use([](F32 x) { return sqrt(x); });
    case Activation::Abs:
      return use([](F32 x) { return max(x, sub(zero(), x)); });
    case Activation::Neg:
      return use([](F32 x) { return sub(zero(), x); });
    case Activation::ThroughInt8:
      return use([&](F32 x) { return through_integers(x, alpha, beta, -128.0F); });
    case Activation::ThroughUInt8:
      return use([&](F32 x) { return through_integers(x, alpha, beta, 0.0F); });
  }
}

inline void activate_row(const ActivationSpec& spec, const float* src, float* dst, std::int64_t n) {
  with_activation(spec, [&](const auto& f) { map_row(src, dst, n, f); });
}

}  // namespace
}  // namespace mtmi::kernels::MTMI_ISA
