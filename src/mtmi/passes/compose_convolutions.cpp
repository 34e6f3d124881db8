#include "mtmi/passes/compose_convolutions.h"

#include <vector>

#include "mtmi/passes/cost.h"
#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/pointwise.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "compose_convolutions";

/// W2 W1 and W2 b1 + b2, accumulated in double and rounded once.
Layer composed(const Layer& first, const Layer& second) {
  const std::int64_t oc = second.weights.shape()[0];
  const std::int64_t mid = first.weights.shape()[0];
  const std::int64_t inner = first.weights.num_elements() / mid;
  std::vector<std::int64_t> extents = first.weights.shape().extents();
  extents[0] = oc;
  Layer result{
      .node = first.node, .weights = Tensor(DType::Float32, Shape(std::move(extents))), .bias = {}};
  const auto w1 = first.weights.data<float>();
  const auto w2 = second.weights.data<float>();
  const auto to = result.weights.data<float>();
  std::vector<double> row(static_cast<std::size_t>(inner));
  for (std::int64_t o = 0; o < oc; ++o) {
    std::fill(row.begin(), row.end(), 0.0);
    double bias = second.bias[static_cast<std::size_t>(o)];
    for (std::int64_t m = 0; m < mid; ++m) {
      const double factor = w2[static_cast<std::size_t>(o * mid + m)];
      bias += factor * first.bias[static_cast<std::size_t>(m)];
      const auto source = w1.subspan(static_cast<std::size_t>(m * inner), row.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] += factor * source[i];
      }
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      to[static_cast<std::size_t>(o * inner) + i] = static_cast<float>(row[i]);
    }
    result.bias.push_back(static_cast<float>(bias));
  }
  return result;
}

void visit(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const auto first_id = producer_of(graph, node.inputs[0], "Conv");
  if (!first_id || !graph.has_single_user(node.inputs[0]) || !is_pointwise(graph, id) ||
      graph.node(*first_id).attributes.get_int("group", 1) != 1) {
    return;
  }
  const auto first = layer_at(graph, *first_id);
  const auto second = layer_at(graph, id);
  if (!first || !second || first->weights.num_elements() == 0) {
    return;
  }
  const Shape& between = shape_of(graph, node.inputs[0]);
  const Shape& dst = shape_of(graph, node.outputs[0]);
  const double before = convolution_work(between, first->weights.shape()) +
                        convolution_work(dst, second->weights.shape()) +
                        2.0 * element_work(between);
  const double after = convolution_work(dst, first->weights.shape());
  if (after < before) {
    become_layer(graph, id, composed(*first, *second), kName);
  }
}

}  // namespace

Graph compose_convolutions(Graph graph) {
  for_each_node(graph, "Conv", visit);
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
