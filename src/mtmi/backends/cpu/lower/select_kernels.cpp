// Chooses the kernel of each convolution and brings weights into the order that it reads.
#include <algorithm>

#include "mtmi/backends/cpu/lower/operators.h"
#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/kernels/fast/fast_kernels.h"
#include "mtmi/kernels/fast/packed_pairs.h"
#include "mtmi/kernels/fast/packed_weights.h"
#include "mtmi/kernels/fast/transpose.h"

namespace mtmi::cpu {
namespace {

using kernels::FastKernels;
using kernels::PackedPairs;
using kernels::PackedShape;

/// What the order of packed weights depends on.
struct WeightOrder {
  const FastKernels& kernels;
  bool bf16;
};

/// Packed matrices one behind the other, each `segments` times `segment_length` by `columns`.
class PackedMatrices {
 public:
  PackedMatrices(const WeightOrder& order, const PackedPairs& shape, std::int64_t count)
      : pairs_(shape),
        floats_{shape.segments * shape.segment_length,
                shape.columns,
                order.kernels.block,
                order.kernels.lanes},
        tensor_(order.bf16 ? DType::BFloat16 : DType::Float32,
                Shape{count * (order.bf16 ? pairs_.num_elements() : floats_.num_floats())}) {}

  /// `matrix` [depth, columns] becomes number `index`.
  void set(std::int64_t index, const float* matrix) {
    if (tensor_.dtype() == DType::BFloat16) {
      const auto to = part<BFloat16>(index, pairs_.num_elements());
      kernels::pack_pairs(pairs_, matrix, pairs_.columns, 1, to);
    } else {
      const auto to = part<float>(index, floats_.num_floats());
      kernels::pack_weights(floats_, matrix, floats_.columns, 1, to);
    }
  }

  [[nodiscard]] const Tensor& tensor() const noexcept { return tensor_; }

 private:
  template <class T>
  [[nodiscard]] std::span<T> part(std::int64_t index, std::int64_t size) {
    return tensor_.data<T>().subspan(static_cast<std::size_t>(index * size),
                                     static_cast<std::size_t>(size));
  }

  PackedPairs pairs_;
  PackedShape floats_;
  Tensor tensor_;
};

struct Convolution {
  Shape weights;  // [g * oc, ic, kh, kw]
  std::int64_t groups;
  std::int64_t oc;  // of a group
  std::int64_t ic;
  std::int64_t places;  // kh * kw
};

Convolution read_convolution(const Graph& graph, const Node& node) {
  const Shape shape = graph.value(node.inputs[1]).constant->shape();
  const std::int64_t groups = node.attributes.get_int("groups", 1);
  return {shape, groups, shape[0] / groups, shape[1], shape[2] * shape[3]};
}

/// [kh][kw][c]
Tensor depthwise_weights(const Tensor& weights, const Convolution& c) {
  Tensor result(DType::Float32, Shape{weights.num_elements()});
  const auto from = weights.data<float>();
  const auto to = result.data<float>();
  for (std::int64_t channel = 0; channel < c.groups; ++channel) {
    for (std::int64_t place = 0; place < c.places; ++place) {
      to[static_cast<std::size_t>(place * c.groups + channel)] =
          from[static_cast<std::size_t>(channel * c.places + place)];
    }
  }
  return result;
}

std::vector<float> room_for(std::int64_t weights) {
  return zeros_within_limit<float>(weights,
                                   "the weights of a convolution, to bring them in order,");
}

/// The weights of a group [oc, ic, kh, kw] as the matrix [(kh, kw, ic), oc]. `rows` is room for
/// as many floats.
void to_matrix(const float* weights, const Convolution& c, float* rows, float* matrix) {
  const std::int64_t depth = c.ic * c.places;
  kernels::transpose(weights, depth, c.oc, depth, c.places == 1 ? matrix : rows, c.oc);
  for (std::int64_t i = 0; i < c.ic && c.places > 1; ++i) {
    for (std::int64_t p = 0; p < c.places; ++p) {
      std::copy_n(rows + (i * c.places + p) * c.oc, c.oc, matrix + (p * c.ic + i) * c.oc);
    }
  }
}

/// The pieces of the depth that a step reads in a row: rows of the filter, places where these lie
/// apart, or sources where there are several.
std::int64_t num_segments(const Node& node, const Convolution& c) {
  if (node.inputs.size() > kMoreSourcesInput) {
    return 1 + static_cast<std::int64_t>(node.inputs.size() - kMoreSourcesInput);
  }
  return node.attributes.get_ints("dilations")[1] == 1 ? c.weights[2] : c.places;
}

/// Per group a packed matrix of depth (kh, kw, ic).
Tensor direct_weights(const Node& node,
                      const Tensor& weights,
                      const Convolution& c,
                      const WeightOrder& order) {
  const std::int64_t segments = num_segments(node, c);
  const std::int64_t depth = c.places * c.ic;
  PackedMatrices packed(
      order, {.segments = segments, .segment_length = depth / segments, .columns = c.oc}, c.groups);
  std::vector<float> matrix = room_for(depth * c.oc);
  std::vector<float> rows = room_for(c.places == 1 ? 0 : depth * c.oc);
  for (std::int64_t g = 0; g < c.groups; ++g) {
    to_matrix(weights.data<float>().data() + g * depth * c.oc, c, rows.data(), matrix.data());
    packed.set(g, matrix.data());
  }
  return packed.tensor();
}

/// 36 packed matrices.
Tensor winograd_weights(const Tensor& weights, const Convolution& c, const WeightOrder& order) {
  std::vector<float> u = room_for(kernels::kWinogradPlaces * c.ic * c.oc);
  constexpr std::int64_t kPieces = 16;
  thread_pool().parallel_for(kPieces, [&](std::int64_t i) {
    kernels::winograd_weights(
        weights.data<float>().data(), c.oc, c.ic, c.ic * i / kPieces, c.ic * (i + 1) / kPieces, u);
  });
  PackedMatrices packed(order, {.segment_length = c.ic, .columns = c.oc}, kernels::kWinogradPlaces);
  thread_pool().parallel_for(kernels::kWinogradPlaces,
                             [&](std::int64_t p) { packed.set(p, u.data() + p * c.ic * c.oc); });
  return packed.tensor();
}

/// One packed matrix [ic, (kh, kw, oc)].
Tensor tap_weights(const Tensor& weights, const Convolution& c, const WeightOrder& order) {
  const std::int64_t columns = c.places * c.oc;
  const auto from = weights.data<float>();
  std::vector<float> matrix = room_for(c.ic * columns);
  for (std::int64_t o = 0; o < c.oc; ++o) {
    for (std::int64_t i = 0; i < c.ic; ++i) {
      for (std::int64_t p = 0; p < c.places; ++p) {
        matrix[static_cast<std::size_t>((i * c.places + p) * c.oc + o)] =
            from[static_cast<std::size_t>((o * c.ic + i) * c.places + p)];
      }
    }
  }
  PackedMatrices packed(order, {.segment_length = c.ic, .columns = columns}, 1);
  packed.set(0, matrix.data());
  return packed.tensor();
}

/// Where vectors of outputs would be mostly empty, and all taps of a pixel fill few of them.
bool pays_taps(const Node& node, const Convolution& c, const FastKernels& kernels) {
  const bool has_residual = node.inputs.size() > 3 && node.inputs[3] != kNoValue;
  return node.attributes.get_ints("strides") == std::vector<std::int64_t>{1, 1} && c.groups == 1 &&
         c.places > 1 && 4 * c.oc <= kernels.lanes && c.places * c.oc <= kernels.block &&
         !has_residual &&
         read_activation(node.attributes, "last").kind == kernels::Activation::None;
}

/// Where 4 times fewer products outweigh the transforms: measured, docs/numerics.md.
bool pays_winograd(const Node& node, const Convolution& c) {
  const auto is = [&node](std::string_view name, std::int64_t value) {
    return node.attributes.get_ints(name) == std::vector<std::int64_t>{value, value};
  };
  constexpr std::int64_t kMinChannels = 24;
  return is("kernel", 3) && is("strides", 1) && is("dilations", 1) && is("pads", 1) &&
         c.groups == 1 && c.ic >= kMinChannels && c.oc >= kMinChannels;
}

void set_weights(Graph& graph, NodeId id, Tensor packed, std::string op) {
  const std::string name = graph.value(graph.node(id).inputs[1]).name;
  graph.set_input(id, 1, graph.add_constant(name + "/packed", std::move(packed)));
  const Attributes attributes = graph.node(id).attributes;
  graph.set_op(id, std::move(op), attributes);
}

void select_convolution(Graph& graph, NodeId id, const WeightOrder& order, bool may_transform) {
  const Node& node = graph.node(id);
  const Tensor weights = *graph.value(node.inputs[1]).constant;
  const Convolution c = read_convolution(graph, node);
  const Shape dst = *graph.value(node.outputs[0]).shape;
  const Shape src = *graph.value(node.inputs[0]).shape;
  const bool keeps_size = dst[1] == src[1] && dst[2] == src[2];
  const bool winograd = may_transform && keeps_size && pays_winograd(node, c);
  if (winograd && !order.bf16) {
    set_weights(graph, id, winograd_weights(weights, c, order), "cpu.Winograd");
  } else if (may_transform && pays_taps(node, c, order.kernels)) {
    set_weights(graph, id, tap_weights(weights, c, order), "cpu.TapConv");
  } else {
    Attributes attributes = node.attributes;
    if (winograd) {
      attributes.set("winograd", std::int64_t{1});
    }
    graph.set_attributes(id, std::move(attributes));
    set_weights(graph, id, direct_weights(graph.node(id), weights, c, order), "cpu.Conv");
  }
}

void pack_linear(Graph& graph, NodeId id, const WeightOrder& order) {
  const Tensor weights = *graph.value(graph.node(id).inputs[1]).constant;
  PackedMatrices packed(
      order, {.segment_length = weights.shape()[0], .columns = weights.shape()[1]}, 1);
  packed.set(0, weights.data<float>().data());
  set_weights(graph, id, packed.tensor(), "cpu.Linear");
}

}  // namespace

void select_depthwise(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (graph.node(id).op == "cpu.Conv") {
      const Convolution c = read_convolution(graph, graph.node(id));
      if (c.groups > 1 && c.ic == 1 && c.oc == 1) {
        const Tensor weights = *graph.value(graph.node(id).inputs[1]).constant;
        set_weights(graph, id, depthwise_weights(weights, c), "cpu.Depthwise");
      }
    }
  }
}

void select_kernels(Graph& graph, Isa isa, bool may_transform) {
  const FastKernels& kernels = kernels::fast_kernels(isa);
  const std::vector<NodeId> nodes(graph.order().begin(), graph.order().end());
  for (const NodeId id : nodes) {
    const WeightOrder order{kernels, graph.node(id).attributes.get_int("bf16", 0) != 0};
    if (graph.node(id).op == "cpu.Conv") {
      select_convolution(graph, id, order, may_transform);
    } else if (graph.node(id).op == "cpu.Linear") {
      pack_linear(graph, id, order);
    }
  }
}

}  // namespace mtmi::cpu
