#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/rows.h"
#include "mtmi/kernels/fast/simd_math.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

template <class F>
void binary_form(
    BinaryForm form, const float* a, const float* b, float* dst, std::int64_t n, const F& f) {
  switch (form) {
    case BinaryForm::Rows:
      return map_rows(a, b, dst, n, f);
    case BinaryForm::FirstIsScalar: {
      const F32 x = broadcast(*a);
      return map_row(b, dst, n, [&](F32 y) { return f(x, y); });
    }
    case BinaryForm::SecondIsScalar: {
      const F32 y = broadcast(*b);
      return map_row(a, dst, n, [&](F32 x) { return f(x, y); });
    }
  }
}

float row_sum(const float* row, std::int64_t n) {
  F32 even = zero();
  F32 odd = zero();
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    even = add(even, load(row + i));
    odd = add(odd, load(row + i + kLanes));
  }
  for (; i + kLanes <= n; i += kLanes) {
    even = add(even, load(row + i));
  }
  if (i < n) {
    odd = add(odd, load_partial(row + i, n - i));
  }
  return reduce_add(add(even, odd));
}

float row_max(const float* row, std::int64_t n) {
  F32 even = broadcast(row[0]);
  F32 odd = even;
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    even = max(even, load(row + i));
    odd = max(odd, load(row + i + kLanes));
  }
  float greatest = reduce_max(max(even, odd));
  for (; i < n; ++i) {
    greatest = row[i] > greatest ? row[i] : greatest;
  }
  return greatest;
}

float row_square_sum(const float* row, std::int64_t n, float mean) {
  const F32 m = broadcast(mean);
  F32 even = zero();
  F32 odd = zero();
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    const F32 x = sub(load(row + i), m);
    const F32 y = sub(load(row + i + kLanes), m);
    even = fma(x, x, even);
    odd = fma(y, y, odd);
  }
  for (; i + kLanes <= n; i += kLanes) {
    const F32 x = sub(load(row + i), m);
    even = fma(x, x, even);
  }
  float sum = reduce_add(add(even, odd));
  for (; i < n; ++i) {
    sum += (row[i] - mean) * (row[i] - mean);
  }
  return sum;
}

void scale_row(const float* src,
               float* dst,
               std::int64_t n,
               float mean,
               float factor,
               const LayerNormArgs& args) {
  const F32 m = broadcast(mean);
  const F32 f = broadcast(factor);
  const auto step = [&](F32 x, F32 gamma, F32 beta) { return fma(mul(sub(x, m), f), gamma, beta); };
  const F32 one = broadcast(1.0F);
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const F32 gamma = args.gamma == nullptr ? one : load(args.gamma + i);
    const F32 beta = args.beta == nullptr ? zero() : load(args.beta + i);
    store(dst + i, step(load(src + i), gamma, beta));
  }
  if (i < n) {
    const F32 gamma = args.gamma == nullptr ? one : load_partial(args.gamma + i, n - i);
    const F32 beta = args.beta == nullptr ? zero() : load_partial(args.beta + i, n - i);
    store_partial(dst + i, step(load_partial(src + i, n - i), gamma, beta), n - i);
  }
}

/// Writes e^(x - top) over the row; returns the sum.
float exponentials(float* row, std::int64_t n, float top) {
  // In powers of two, one fused step: its rounding is the same for the whole row but for what the
  // largest element loses, and cancels in the quotient.
  constexpr float kLog2e = 1.44269504F;
  const F32 scale = broadcast(kLog2e);
  const F32 shift = broadcast(-kLog2e * top);
  const auto power = [&](F32 x) { return exp2_of_negative(fma(x, scale, shift)); };
  F32 even = zero();
  F32 odd = zero();
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    const F32 x = power(load(row + i));
    const F32 y = power(load(row + i + kLanes));
    store(row + i, x);
    store(row + i + kLanes, y);
    even = add(even, x);
    odd = add(odd, y);
  }
  for (; i < n; i += kLanes) {
    const std::int64_t left = n - i < kLanes ? n - i : kLanes;
    store_partial(row + i, power(load_partial(row + i, left)), left);
    even = add(even, load_partial(row + i, left));
  }
  return reduce_add(add(even, odd));
}

}  // namespace

void activate(const ActivationSpec& f, const float* src, float* dst, std::int64_t n) {
  activate_row(f, src, dst, n);
}

void binary(
    BinaryOp op, BinaryForm form, const float* a, const float* b, float* dst, std::int64_t n) {
  switch (op) {
    case BinaryOp::Add:
      return binary_form(form, a, b, dst, n, [](F32 x, F32 y) { return add(x, y); });
    case BinaryOp::Sub:
      return binary_form(form, a, b, dst, n, [](F32 x, F32 y) { return sub(x, y); });
    case BinaryOp::Mul:
      return binary_form(form, a, b, dst, n, [](F32 x, F32 y) { return mul(x, y); });
    case BinaryOp::Div:
      return binary_form(form, a, b, dst, n, [](F32 x, F32 y) { return div(x, y); });
    case BinaryOp::Min:
      return binary_form(form, a, b, dst, n, [](F32 x, F32 y) { return min(x, y); });
    case BinaryOp::Max:
      return binary_form(form, a, b, dst, n, [](F32 x, F32 y) { return max(x, y); });
  }
}

void layer_norm(const LayerNormArgs& args) {
  const auto width = static_cast<float>(args.width);
  for (std::int64_t r = 0; r < args.rows; ++r) {
    const float* src = args.src + r * args.width;
    // Two passes: the difference of squares would cancel.
    const float mean = row_sum(src, args.width) / width;
    const float variance = row_square_sum(src, args.width, mean) / width;
    const float factor = 1.0F / __builtin_sqrtf(variance + args.epsilon);
    scale_row(src, args.dst + r * args.width, args.width, mean, factor, args);
  }
}

void softmax(const SoftmaxArgs& args) {
  for (std::int64_t r = 0; r < args.rows; ++r) {
    float* row = args.data + r * args.stride;
    const float sum = exponentials(row, args.width, row_max(row, args.width));
    if (args.reciprocal_sums != nullptr) {
      args.reciprocal_sums[r] = 1.0F / sum;
    } else {
      const F32 factor = broadcast(1.0F / sum);
      map_row(row, row, args.width, [&](F32 x) { return mul(x, factor); });
    }
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
