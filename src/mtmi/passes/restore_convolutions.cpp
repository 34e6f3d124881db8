#include "mtmi/passes/restore_convolutions.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/layout_chain.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "restore_convolutions";

/// [n, c, h, w] as [n, h, w, c].
std::vector<int> channels_last(int rank) {
  std::vector<int> permutation{0};
  for (int axis = 2; axis < rank; ++axis) {
    permutation.push_back(axis);
  }
  permutation.push_back(1);
  return permutation;
}

/// Whether the chain behind `layout`, which starts at a map, is that map with its channels last.
bool has_channels_last(const Shape& map, const Layout& layout) {
  Layout expected(map);
  expected.transpose(channels_last(map.rank()));
  const Shape& rows = layout.shape();
  return rows.rank() >= 2 && rows[rows.rank() - 1] == map[1] && expected.reshape(rows) &&
         expected.steps() == layout.steps();
}

/// The map whose positions are the rows of `rows`: the nearest of two or more spatial axes, else
/// the nearest of one; kNoValue if there is none.
ValueId map_behind(const Graph& graph, ValueId rows) {
  const auto producer = graph.producer(rows);
  if (!producer || !is_layout_node(graph, *producer) || shape_of(graph, rows).num_elements() == 0) {
    return kNoValue;
  }
  const std::vector<NodeId> chain = layout_chain_to(graph, *producer);
  ValueId line = kNoValue;
  for (std::size_t start = chain.size(); start-- > 0;) {
    const ValueId source = graph.node(chain[start]).inputs[0];
    Layout layout(shape_of(graph, source));
    bool is_one = true;
    for (std::size_t i = start; i < chain.size() && is_one; ++i) {
      is_one = append(graph, chain[i], layout);
    }
    const Shape& shape = shape_of(graph, source);
    if (!is_one || shape.rank() < 3 || !has_channels_last(shape, layout)) {
      continue;
    }
    if (shape.rank() > 3) {
      return source;
    }
    line = line == kNoValue ? source : line;
  }
  return line;
}

/// The layout node behind `rows` whose result is a map of `extents` again.
std::optional<NodeId> map_ahead(const Graph& graph, ValueId rows, const Shape& map) {
  if (map.num_elements() == 0) {
    return std::nullopt;
  }
  Layout layout(shape_of(graph, rows));
  Layout expected(shape_of(graph, rows));
  std::vector<std::int64_t> channels_at_end = map.extents();
  std::rotate(channels_at_end.begin() + 1, channels_at_end.begin() + 2, channels_at_end.end());
  std::vector<int> channels_first(channels_at_end.size());
  std::iota(channels_first.begin(), channels_first.end(), 0);
  std::rotate(channels_first.begin() + 1, channels_first.end() - 1, channels_first.end());
  if (!expected.reshape(Shape(channels_at_end))) {
    return std::nullopt;
  }
  expected.transpose(channels_first);
  for (ValueId value = rows; graph.has_single_user(value);) {
    const NodeId user = graph.users(value)[0];
    if (!is_layout_node(graph, user) || graph.node(user).inputs[0] != value ||
        !append(graph, user, layout)) {
      return std::nullopt;
    }
    if (layout.shape() == map && layout.steps() == expected.steps()) {
      return user;
    }
    value = graph.node(user).outputs[0];
  }
  return std::nullopt;
}

struct Linear {
  ValueId result = kNoValue;
  ValueId bias = kNoValue;
};

/// The result of the layer that starts with `matmul`, its bias included where it has one.
Linear linear_at(const Graph& graph, NodeId matmul) {
  const ValueId product = graph.node(matmul).outputs[0];
  const auto add = only_user_of(graph, product, "Add");
  if (!add) {
    return {product, kNoValue};
  }
  const Node& node = graph.node(*add);
  const ValueId bias = node.inputs[node.inputs[0] == product ? 1 : 0];
  const Tensor* tensor = constant_of(graph, bias);
  const std::int64_t channels = shape_of(graph, product)[-1];
  const bool is_bias = tensor != nullptr && tensor->dtype() == DType::Float32 &&
                       tensor->num_elements() == channels &&
                       varies_along_only(tensor->shape(), 0) &&
                       same_type(graph, product, node.outputs[0]);
  return is_bias ? Linear{node.outputs[0], bias} : Linear{product, kNoValue};
}

void restore(Graph& graph, NodeId matmul) {
  const Node& node = graph.node(matmul);
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  if (weights == nullptr || weights->dtype() != DType::Float32 || weights->shape().rank() != 2) {
    return;
  }
  const ValueId map = map_behind(graph, node.inputs[0]);
  if (map == kNoValue) {
    return;
  }
  const Linear linear = linear_at(graph, matmul);
  std::vector<std::int64_t> extents = shape_of(graph, map).extents();
  extents[1] = weights->shape()[1];
  const auto root = map_ahead(graph, linear.result, Shape(extents));
  if (!root) {
    return;
  }
  const std::vector<std::int64_t> kernel(extents.size() - 2, 1);
  std::vector<std::int64_t> weights_shape{weights->shape()[1], weights->shape()[0]};
  weights_shape.insert(weights_shape.end(), kernel.begin(), kernel.end());
  const std::string weights_name = derived_name(graph.value(node.inputs[1]).name, kName);
  std::vector<ValueId> inputs{
      map,
      graph.add_constant(weights_name,
                         transposed_matrix(*weights).reshaped(Shape(std::move(weights_shape))))};
  if (linear.bias != kNoValue) {
    const Tensor& bias = *constant_of(graph, linear.bias);
    inputs.push_back(bias.shape().rank() == 1
                         ? linear.bias
                         : graph.add_constant(derived_name(graph.value(linear.bias).name, kName),
                                              bias.reshaped(Shape{bias.num_elements()})));
  }
  replace_node(graph, *root, "Conv", std::move(inputs), {{"kernel_shape", kernel}});
}

}  // namespace

Graph restore_convolutions(Graph graph) {
  for_each_node(graph, "MatMul", restore);
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
