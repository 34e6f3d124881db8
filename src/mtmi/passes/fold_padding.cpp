#include "mtmi/passes/fold_padding.h"

#include <algorithm>
#include <optional>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

/// Padding of all axes as ONNX writes it: every begin, then every end. Nothing where the node pads
/// with something else than zeros, cuts, or pads batch or channels.
std::optional<std::vector<std::int64_t>> zero_padding(const Graph& graph, const Node& pad) {
  const auto pads = constant_ints(graph, input_of(pad, 1));
  const ValueId value = input_of(pad, 2);
  if (!pads || pad.attributes.get_string("mode", "constant") != "constant" ||
      (value != kNoValue && !is_filled_with(graph, value, 0.0))) {
    return std::nullopt;
  }
  const int rank = shape_of(graph, pad.inputs[0]).rank();
  std::vector<std::int64_t> all(static_cast<std::size_t>(2 * rank), 0);
  std::vector<std::int64_t> axes;
  if (input_of(pad, 3) == kNoValue) {
    for (int axis = 0; axis < rank; ++axis) {
      axes.push_back(axis);
    }
  } else if (const auto given = constant_ints(graph, input_of(pad, 3))) {
    axes = *given;
  } else {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = positive_axis(axes[i], rank);
    all[axis] = (*pads)[i];
    all[axis + static_cast<std::size_t>(rank)] = (*pads)[i + axes.size()];
  }
  const auto r = static_cast<std::size_t>(rank);
  const bool is_spatial = r > 2 && all[0] == 0 && all[1] == 0 && all[r] == 0 && all[r + 1] == 0;
  const bool cuts = std::any_of(all.begin(), all.end(), [](std::int64_t p) { return p < 0; });
  return is_spatial && !cuts ? std::optional(all) : std::nullopt;
}

/// The spatial part of `all` added to the pads that `attributes` have; nothing where they are given
/// by a rule (auto_pad).
std::optional<Attributes> with_padding(const Node& layer, const std::vector<std::int64_t>& all) {
  Attributes attributes = layer.attributes;
  const std::string auto_pad = attributes.get_string("auto_pad", "NOTSET");
  const std::size_t rank = all.size() / 2;
  std::vector<std::int64_t> pads(2 * (rank - 2), 0);
  if (auto_pad == "NOTSET") {
    pads = attributes.get_ints("pads", pads);
  } else if (auto_pad != "VALID") {
    return std::nullopt;
  }
  if (layer.op == "AveragePool") {
    const bool was_unpadded =
        std::all_of(pads.begin(), pads.end(), [](std::int64_t p) { return p == 0; });
    if (attributes.get_int("ceil_mode", 0) != 0 ||
        (!was_unpadded && attributes.get_int("count_include_pad", 0) == 0)) {
      return std::nullopt;
    }
    attributes.set("count_include_pad", std::int64_t{1});
  }
  for (std::size_t i = 0; i + 2 < rank; ++i) {
    pads[i] += all[i + 2];
    pads[i + rank - 2] += all[i + 2 + rank];
  }
  attributes.erase("auto_pad");
  attributes.set("pads", pads);
  return attributes;
}

void fold(Graph& graph, NodeId id) {
  const auto pad = producer_of(graph, graph.node(id).inputs[0], "Pad");
  if (!pad || !graph.has_single_user(graph.node(id).inputs[0])) {
    return;
  }
  const auto padding = zero_padding(graph, graph.node(*pad));
  const auto attributes = padding ? with_padding(graph.node(id), *padding) : std::nullopt;
  if (attributes) {
    graph.set_attributes(id, *attributes);
    graph.set_input(id, 0, graph.node(*pad).inputs[0]);
  }
}

}  // namespace

Graph fold_padding(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const std::string& op = graph.node(id).op;
    if (op == "Conv" || op == "AveragePool") {
      fold(graph, id);
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
