// Concatenation, slices, and shuffles: Concat, Slice, Split, Reshape, Transpose.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "mtmi/dla/layer_rules.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/slice.h"
#include "mtmi/ops/transpose.h"

namespace mtmi::dla {
namespace {

/// TensorRT developer guide, DLA restrictions, Concatenation.
Support check_concat(const Layer& layer) {
  const int axis = ops::normalized_axis(layer.attributes().get_int("axis", 0), layer.dst().rank());
  if (axis != 1) {
    return Support::no("dla.concat.axis",
                       outside("axis", axis, {1, 1}),
                       "bring the axis to the channels, or leave it to the host");
  }
  if (layer.num_inputs() < 2) {
    return Support::no("dla.concat.inputs", "inputs: got 1, expected 2 or more", "leave it out");
  }
  return Support::yes();
}

/// NvInfer.h on the slice layer: a 4-D tensor, known start and size, steps of 1, whole batches.
Support check_slice(const Layer& layer) {
  for (std::size_t i = 1; i < layer.num_inputs(); ++i) {
    if (layer.has_input(i) && layer.constant(i) == nullptr) {
      return Support::no("dla.slice.constant",
                         fmt::format("input {}: got a computed tensor, expected a constant", i),
                         "make it a constant");
    }
  }
  const std::vector<ops::SliceRange> ranges = ops::slice_ranges(layer.context());
  for (std::size_t axis = 0; axis < ranges.size(); ++axis) {
    if (ranges[axis].step != 1) {
      return Support::no("dla.slice.step",
                         outside(fmt::format("step of axis {}", axis), ranges[axis].step, {1, 1}),
                         "a 1x1 Conv or MaxPool with a stride takes every n-th position");
    }
  }
  if (ranges[0].extent != layer.src()[0]) {
    return Support::no(
        "dla.slice.batch",
        outside("elements of the batch", ranges[0].extent, {layer.src()[0], layer.src()[0]}),
        "slice behind the batch");
  }
  return Support::yes();
}

/// Becomes slices.
Support check_split(const Layer& layer) {
  const int axis = ops::normalized_axis(layer.attributes().get_int("axis", 0), layer.src().rank());
  if (axis == 0) {
    return Support::no("dla.slice.batch", "axis: got 0, expected 1 to 3", "split behind the batch");
  }
  return Support::yes();
}

bool is_cut_or_joined(const Graph& graph, NodeId id) {
  const std::string& op = graph.node(id).op;
  return op == "Concat" || op == "Slice" || op == "Split";
}

/// TensorRT developer guide, DLA restrictions, Shuffle: 4-D on both sides, the batch as it is. The
/// last rule is from NVIDIA's operator table: no Slice or Concat directly beside a Reshape.
Support check_reshape(const Layer& layer) {
  if (layer.src()[0] != layer.dst()[0]) {
    return Support::no(
        "dla.shuffle.batch",
        fmt::format("batch of the result: got {}, expected {}", layer.dst()[0], layer.src()[0]),
        "keep the batch on its axis");
  }
  const Graph& graph = layer.graph();
  const auto producer = graph.producer(layer.node().inputs.front());
  const auto users = graph.users(layer.node().outputs.front());
  const auto beside = [&](NodeId id) { return is_cut_or_joined(graph, id); };
  if ((producer && beside(*producer)) || std::any_of(users.begin(), users.end(), beside)) {
    return Support::no("dla.shuffle.neighbour",
                       "the node before or behind: got Slice, Split or Concat, expected any other",
                       "move the Reshape away from it");
  }
  return Support::yes();
}

Support check_transpose(const Layer& layer) {
  const std::vector<int> permutation =
      ops::transpose_permutation(layer.attributes(), layer.src().rank());
  if (permutation.front() != 0) {
    return Support::no(
        "dla.shuffle.batch",
        fmt::format("axis 0 of the result: got axis {}, expected the batch", permutation.front()),
        "keep the batch on its axis");
  }
  return Support::yes();
}

constexpr Version kShuffle{8, 6, 0};

constexpr std::array kRules{
    LayerRule{"Concat", check_concat, Ranks::Maps, {8, 5, 0}, kAllInputs},
    LayerRule{"Reshape", check_reshape, Ranks::Maps, kShuffle},
    LayerRule{"Slice", check_slice},
    LayerRule{"Split", check_split},
    LayerRule{"Transpose", check_transpose, Ranks::Maps, kShuffle},
};

}  // namespace

std::span<const LayerRule> movement_rules() {
  return kRules;
}

}  // namespace mtmi::dla
