#include "mtmi/passes/fuse_attention.h"

#include <algorithm>
#include <optional>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "fuse_attention";

/// value = scale * base.
struct Scaled {
  ValueId base = kNoValue;
  double scale = 1.0;
};

/// Takes products with and quotients by one number off `value`.
Scaled without_scale(const Graph& graph, ValueId value) {
  Scaled result{value, 1.0};
  while (true) {
    if (const auto mul = producer_of(graph, result.base, "Mul")) {
      const auto operands = either_operand(graph.node(*mul), [&graph](ValueId input) {
        return uniform_constant(graph, input).has_value();
      });
      if (operands && same_type(graph, operands->other, result.base)) {
        result.scale *= *uniform_constant(graph, operands->matched);
        result.base = operands->other;
        continue;
      }
    }
    const auto div = producer_of(graph, result.base, "Div");
    const auto divisor = div ? uniform_constant(graph, graph.node(*div).inputs[1]) : std::nullopt;
    if (!divisor || !same_type(graph, graph.node(*div).inputs[0], result.base)) {
      return result;
    }
    result.scale /= *divisor;
    result.base = graph.node(*div).inputs[0];
  }
}

struct Match {
  ValueId q = kNoValue;
  ValueId k_transposed = kNoValue;
  ValueId v = kNoValue;
  double scale = 1.0;
  NodeId root{};  ///< the second MatMul
};

/// The attention around a Softmax node.
std::optional<Match> match_attention(const Graph& graph, NodeId softmax) {
  const Node& node = graph.node(softmax);
  const int rank = shape_of(graph, node.inputs[0]).rank();
  if ((rank != 3 && rank != 4) || positive_axis(node.attributes.get_int("axis", -1), rank) + 1 !=
                                      static_cast<std::size_t>(rank)) {
    return std::nullopt;
  }
  const auto root = only_user_of(graph, node.outputs[0], "MatMul");
  if (!root || graph.node(*root).inputs[0] != node.outputs[0]) {
    return std::nullopt;
  }
  const Scaled scores = without_scale(graph, node.inputs[0]);
  const auto product = producer_of(graph, scores.base, "MatMul");
  if (!product) {
    return std::nullopt;
  }
  const Scaled q = without_scale(graph, graph.node(*product).inputs[0]);
  const Scaled k = without_scale(graph, graph.node(*product).inputs[1]);
  return Match{.q = q.base,
               .k_transposed = k.base,
               .v = graph.node(*root).inputs[1],
               .scale = scores.scale * q.scale * k.scale,
               .root = *root};
}

/// Whether batch axes agree without broadcasting and there is something to attend to.
bool has_plain_shapes(const Graph& graph, const Match& match) {
  const auto& q = shape_of(graph, match.q).extents();
  const auto& k = shape_of(graph, match.k_transposed).extents();
  const auto& v = shape_of(graph, match.v).extents();
  const std::size_t rank = q.size();
  return (rank == 3 || rank == 4) && k.size() == rank && v.size() == rank &&
         std::equal(q.begin(), q.end() - 2, k.begin()) &&
         std::equal(q.begin(), q.end() - 2, v.begin()) && k[rank - 1] > 0 &&
         is_floating_point(*graph.value(match.q).dtype);
}

/// A [bh, n, d] tensor as [1, bh, n, d]; one of four axes as it is.
ValueId with_four_axes(Graph& graph, NodeId position, ValueId value) {
  std::vector<std::int64_t> extents = shape_of(graph, value).extents();
  if (extents.size() == 4) {
    return value;
  }
  extents.insert(extents.begin(), 1);
  const std::string name = derived_name(graph.value(value).name + "/4d", kName);
  const ValueId shape = add_ints(graph, name + "/shape", extents);
  return insert_before(graph, position, name, "Reshape", {value, shape}, {});
}

/// k [b, h, m, d] from k^T. A scale between k and its transposition is taken off, too.
ValueId transposed_back(Graph& graph, Match& match) {
  ValueId source = with_four_axes(graph, match.root, match.k_transposed);
  if (const auto transpose = producer_of(graph, source, "Transpose")) {
    const Scaled inner = without_scale(graph, graph.node(*transpose).inputs[0]);
    if (inner.base != graph.node(*transpose).inputs[0]) {
      match.scale *= inner.scale;
      const Attributes attributes = graph.node(*transpose).attributes;
      source = insert_before(graph,
                             match.root,
                             derived_name(graph.value(source).name + "/unscaled", kName),
                             "Transpose",
                             {inner.base},
                             attributes);
    }
  }
  return insert_before(graph,
                       match.root,
                       derived_name(graph.value(source).name + "/k", kName),
                       "Transpose",
                       {source},
                       {{"perm", std::vector<std::int64_t>{0, 1, 3, 2}}});
}

void fuse(Graph& graph, Match match) {
  const NodeId root = match.root;
  const ValueId k = transposed_back(graph, match);
  const ValueId q = with_four_axes(graph, root, match.q);
  const ValueId v = with_four_axes(graph, root, match.v);
  Attributes attributes{{"scale", static_cast<float>(match.scale)}};
  const ValueId output = graph.node(root).outputs[0];
  if (shape_of(graph, output).rank() == 4) {
    replace_node(graph, root, "Attention", {q, k, v}, std::move(attributes));
    return;
  }
  const std::string name = derived_name(graph.value(output).name + "/4d", kName);
  const ValueId attention =
      insert_before(graph, root, name, "Attention", {q, k, v}, std::move(attributes));
  const ValueId shape = add_ints(graph, name + "/shape", shape_of(graph, output).extents());
  replace_node(graph, root, "Reshape", {attention, shape}, {});
}

}  // namespace

Graph fuse_attention(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (graph.node(id).op == "Softmax") {
      const auto match = match_attention(graph, id);
      if (match && has_plain_shapes(graph, *match)) {
        fuse(graph, *match);
      }
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
