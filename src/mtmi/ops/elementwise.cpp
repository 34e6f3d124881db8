#include "mtmi/ops/elementwise.h"

#include "mtmi/ops/checks.h"

namespace mtmi::ops {

std::vector<TensorType> infer_floating_point_map(const InferContext& context) {
  require_floating_point(context.input(0).dtype);
  return {context.input(0)};
}

std::vector<TensorType> infer_numeric_map(const InferContext& context) {
  require_numeric(context.input(0).dtype);
  return {context.input(0)};
}

}  // namespace mtmi::ops
