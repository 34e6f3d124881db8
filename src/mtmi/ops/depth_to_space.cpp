// Moving blocks between channels and positions: [n, c, h, w] <-> [n, c / b^2, h * b, w * b].
#include <array>

#include "mtmi/core/checked.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

/// Attribute `blocksize`, at least 1, of a 4-D input.
std::int64_t block_size(const InferContext& context) {
  if (context.input(0).shape.rank() != 4) {
    refuse("shape " + to_string(context.input(0).shape), "4 axes");
  }
  const std::int64_t size = context.attributes().get_int("blocksize", 0);
  if (size < 1) {
    refuse("blocksize " + std::to_string(size), "1 or more");
  }
  return size;
}

std::vector<TensorType> infer_depth_to_space(const InferContext& context) {
  const TensorType& x = context.input(0);
  const std::int64_t block = block_size(context);
  const std::string mode = context.attributes().get_string("mode", "DCR");
  if (mode != "DCR" && mode != "CRD") {
    refuse("mode '" + mode + "'", "DCR or CRD");
  }
  const std::int64_t area = checked_mul(block, block);
  if (x.shape[1] % area != 0) {
    refuse(std::to_string(x.shape[1]) + " channels", "a multiple of " + std::to_string(area));
  }
  return {{x.dtype,
           checked_shape({x.shape[0],
                          x.shape[1] / area,
                          checked_mul(x.shape[2], block),
                          checked_mul(x.shape[3], block)})}};
}

std::vector<TensorType> infer_space_to_depth(const InferContext& context) {
  const TensorType& x = context.input(0);
  const std::int64_t block = block_size(context);
  if (x.shape[2] % block != 0 || x.shape[3] % block != 0) {
    refuse("shape " + to_string(x.shape),
           "a height and a width that are multiples of " + std::to_string(block));
  }
  const std::int64_t channels = checked_mul(x.shape[1], checked_mul(block, block));
  return {{x.dtype, checked_shape({x.shape[0], channels, x.shape[2] / block, x.shape[3] / block})}};
}

constexpr std::array kOperators{
    Operator{"DepthToSpace", {1, 1}, {1, 1}, infer_depth_to_space},
    Operator{"SpaceToDepth", {1, 1}, {1, 1}, infer_space_to_depth},
};

}  // namespace

std::span<const Operator> depth_to_space_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
