// Attention: the operator that mtmi's Graph has beyond ONNX 21.
//
// Inputs q [b, h, n, d], k [b, h, m, d], v [b, h, m, dv]; float attribute `scale` (default 1).
// Output [b, h, n, dv] = softmax(scale * q k^T, over m) v.
#pragma once

#include <cstdint>

#include "mtmi/shape.h"

namespace mtmi::ops {

struct AttentionGeometry {
  std::int64_t batch = 1;        ///< b * h
  std::int64_t queries = 1;      ///< n
  std::int64_t keys = 1;         ///< m
  std::int64_t depth = 1;        ///< d
  std::int64_t value_depth = 1;  ///< dv
};

/// Throws Error(InvalidModel) if the shapes do not fit, or if there are queries but no keys.
[[nodiscard]] AttentionGeometry attention_geometry(const Shape& q, const Shape& k, const Shape& v);

}  // namespace mtmi::ops
