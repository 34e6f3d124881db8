// MatMul and Gemm: the geometry that their rules, kernels and the backends share.
#pragma once

#include <cstdint>

#include "mtmi/graph/attributes.h"
#include "mtmi/shape.h"

namespace mtmi::ops {

/// src_a [batch_a, m, k] times src_b [batch_b, k, n] to dst [batch, m, n], where both batches
/// broadcast to `batch`. Vectors have m = 1 or n = 1, an axis that the result does not have.
struct MatMulGeometry {
  Shape batch_a;
  Shape batch_b;
  Shape batch;
  std::int64_t m = 1;
  std::int64_t k = 1;
  std::int64_t n = 1;
  Shape dst;  ///< as the node's output has it
};

/// Throws Error(InvalidModel) if the shapes do not fit.
[[nodiscard]] MatMulGeometry matmul_geometry(const Shape& a, const Shape& b);

/// dst [m, n] = alpha * op(a) [m, k] * op(b) [k, n] + beta * c, where op() may transpose.
struct GemmGeometry {
  std::int64_t m = 1;
  std::int64_t k = 1;
  std::int64_t n = 1;
  bool transpose_a = false;
  bool transpose_b = false;
  float alpha = 1.0F;
  float beta = 1.0F;
};

/// Throws Error(InvalidModel) if the shapes do not fit.
[[nodiscard]] GemmGeometry gemm_geometry(const Attributes& attributes,
                                         const Shape& a,
                                         const Shape& b);

}  // namespace mtmi::ops
