#include "mtmi/ops/attention.h"

#include <array>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_attention(const InferContext& context) {
  const TensorType& q = context.input(0);
  const Shape& v = context.input(2).shape;
  require_floating_point(q.dtype);
  require_dtype_of_first(context, {1, 2});
  static_cast<void>(context.attributes().get_float("scale", 1.0F));
  static_cast<void>(attention_geometry(q.shape, context.input(1).shape, v));
  return {{q.dtype, checked_shape({q.shape[0], q.shape[1], q.shape[2], v[3]})}};
}

constexpr std::array kOperators{
    Operator{"Attention", {3, 3}, {1, 1}, infer_attention},
};

}  // namespace

AttentionGeometry attention_geometry(const Shape& q, const Shape& k, const Shape& v) {
  require_rank(q, 4, 4, "q");
  const Shape expected_k{q[0], q[1], k.rank() == 4 ? k[2] : 1, q[3]};
  if (k != expected_k) {
    refuse("k of shape " + to_string(k), "[b,h,m,d] with the b, h, d of q " + to_string(q));
  }
  const Shape expected_v{q[0], q[1], k[2], v.rank() == 4 ? v[3] : 1};
  if (v != expected_v) {
    refuse("v of shape " + to_string(v), "[b,h,m,dv] with the b, h, m of k " + to_string(k));
  }
  if (k[2] == 0) {
    refuse("no keys", "one or more");
  }
  return {.batch = q[0] * q[1], .queries = q[2], .keys = k[2], .depth = q[3], .value_depth = v[3]};
}

std::span<const Operator> attention_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
