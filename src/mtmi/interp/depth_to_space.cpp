#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/strided_loop.h"

namespace mtmi::interp {
namespace {

/// `src` seen as a tensor of six axes, these permuted by `order`, and seen as `shape` again.
Tensor permute_six(const Tensor& src,
                   const Shape& six,
                   const std::array<int, 6>& order,
                   const Shape& shape) {
  const std::vector<std::int64_t> strides = kernels::dense_strides(six);
  std::vector<std::int64_t> extents;
  Placement from;
  for (const int axis : order) {
    extents.push_back(six[axis]);
    from.strides.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  return copy_of_box(Shape(std::move(extents)), src, from).reshaped(shape);
}

std::vector<Tensor> depth_to_space(const EvaluateContext& context) {
  const Shape& in = context.input(0).shape();
  const Shape& out = context.outputs[0].shape;
  const std::int64_t block = context.node.attributes.get_int("blocksize", 1);
  if (context.node.attributes.get_string("mode", "DCR") == "CRD") {
    const Shape six{in[0], out[1], block, block, in[2], in[3]};
    return {permute_six(context.input(0), six, {0, 1, 4, 2, 5, 3}, out)};
  }
  const Shape six{in[0], block, block, out[1], in[2], in[3]};
  return {permute_six(context.input(0), six, {0, 3, 4, 1, 5, 2}, out)};
}

std::vector<Tensor> space_to_depth(const EvaluateContext& context) {
  const Shape& in = context.input(0).shape();
  const Shape& out = context.outputs[0].shape;
  const std::int64_t block = context.node.attributes.get_int("blocksize", 1);
  const Shape six{in[0], in[1], out[2], block, out[3], block};
  return {permute_six(context.input(0), six, {0, 3, 5, 1, 2, 4}, out)};
}

constexpr std::array kEvaluators{
    Evaluator{"DepthToSpace", depth_to_space},
    Evaluator{"SpaceToDepth", space_to_depth},
};

}  // namespace

std::span<const Evaluator> depth_to_space_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
