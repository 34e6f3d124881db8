// Softmax and reductions.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "mtmi/core/checked.h"
#include "mtmi/dla/layer_rules.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/reduction.h"

namespace mtmi::dla {
namespace {

// TensorRT developer guide, DLA restrictions, SoftMax (Orin): 8192 positions where all else is 1,
// else 1024 in a form that approximates.
constexpr std::int64_t kMaxSoftmax = 8192;
constexpr std::int64_t kMaxOptimizedSoftmax = 1024;

Support check_softmax(const Layer& layer) {
  const Shape& src = layer.src();
  const int axis = ops::normalized_axis(layer.attributes().get_int("axis", -1), src.rank());
  if (axis == 0) {
    return Support::no(
        "dla.softmax.axis", "axis: got 0, expected 1 to 3", "move the axis behind the batch");
  }
  const std::int64_t extent = src[axis];
  const bool alone = src.num_elements() == checked_mul(src[0], extent);
  const std::int64_t limit = alone ? kMaxSoftmax : kMaxOptimizedSoftmax;
  if (extent > limit) {
    return Support::no("dla.softmax.extent",
                       outside(fmt::format("extent of axis {}", axis), extent, {1, limit}),
                       "leave it to the host as the head's tail");
  }
  return Support::yes();
}

/// NvInfer.h on the reduce layer, with NVIDIA's operator table: MAX alone, over axes behind the
/// batch.
Support check_reduce_max(const Layer& layer) {
  const ops::Reduction reduction = ops::reduction_of(layer.context());
  if (std::find(reduction.axes.begin(), reduction.axes.end(), 0) != reduction.axes.end()) {
    return Support::no(
        "dla.reduce.batch", "axes: got 0 among them, expected 1 to 3", "reduce behind the batch");
  }
  return Support::yes();
}

constexpr std::array kRules{
    LayerRule{"ReduceMax", check_reduce_max, Ranks::Maps, {8, 6, 12}},
    LayerRule{"Softmax", check_softmax},
};

}  // namespace

std::span<const LayerRule> reduction_rules() {
  return kRules;
}

}  // namespace mtmi::dla
