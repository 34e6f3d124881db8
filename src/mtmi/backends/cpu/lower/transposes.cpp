// Layouts: transposes sink below what does not care about the order of axes, and chains of views
// and transposes shrink to what they do. What a network's maps and tokens need is then mostly
// nothing.
#include <algorithm>
#include <map>
#include <tuple>

#include "mtmi/backends/common_host/storage.h"
#include "mtmi/backends/cpu/lower/axis_order.h"
#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/backends/cpu/lower/rewriter.h"

namespace mtmi::cpu {
namespace {

using Perm = std::vector<std::int64_t>;

bool is_op(const Graph& graph, ValueId id, std::string_view op) {
  const auto producer = id == kNoValue ? std::nullopt : graph.producer(id);
  return producer && graph.node(*producer).op == op;
}

/// The permutation and the source of a value made by a Transpose.
struct Transposed {
  ValueId source = kNoValue;
  Perm perm;
};

Transposed transposed(const Graph& graph, ValueId id) {
  if (!is_op(graph, id, "Transpose")) {
    return {};
  }
  const Node& node = graph.node(*graph.producer(id));
  return {node.inputs[0], node.attributes.get_ints("perm")};
}

/// f(view(x)) = view(f(x)), f(transpose(x)) = transpose(f(x)).
bool sink_below_activation(Rewriter& r) {
  const Graph& graph = r.graph();
  const ValueId x = r.input(0);
  const Transposed t = transposed(graph, x);
  const bool is_view = is_op(graph, x, host::kViewOp);
  if (t.source == kNoValue && !is_view) {
    return false;
  }
  const ValueId source = is_view ? graph.node(*graph.producer(x)).inputs[0] : t.source;
  const Shape shape = r.shape(x);
  const ValueId y =
      r.emit(r.node().op, {source}, {DType::Float32, r.shape(source)}, r.node().attributes);
  r.finish(is_view ? r.view(y, shape) : r.transpose(y, t.perm));
  return true;
}

/// The constant whose transpose by `perm` is `constant`, or broadcasts as it does.
Tensor untransposed(const Tensor& constant, const Perm& perm) {
  std::vector<std::int64_t> extents(perm.size(), 1);
  std::copy_backward(
      constant.shape().extents().begin(), constant.shape().extents().end(), extents.end());
  const Shape aligned{extents};
  const Perm back = inverse(perm);
  Tensor result(constant.dtype(), permuted(aligned, back));
  const auto from = constant.data<float>();
  const auto to = result.data<float>();
  std::vector<std::int64_t> index(perm.size(), 0);
  for (float& element : to) {
    std::int64_t at = 0;
    for (std::size_t axis = 0; axis < perm.size(); ++axis) {
      at = at * extents[axis] + index[static_cast<std::size_t>(perm[axis])];
    }
    element = from[static_cast<std::size_t>(at)];
    for (std::size_t axis = perm.size(); axis-- > 0;) {
      if (++index[axis] < result.shape().extents()[axis]) {
        break;
      }
      index[axis] = 0;
    }
  }
  return result;
}

bool sink_below_binary(Rewriter& r) {
  Graph& graph = r.graph();
  const std::array<ValueId, 2> inputs{r.input(0), r.input(1)};
  const std::array<Transposed, 2> t{transposed(graph, inputs[0]), transposed(graph, inputs[1])};
  const Perm& perm = t[0].source != kNoValue ? t[0].perm : t[1].perm;
  const Shape dst = r.shape(r.node().outputs[0]);
  if (perm.empty() || static_cast<int>(perm.size()) != dst.rank()) {
    return false;
  }
  const auto fits = [&](std::size_t i) {
    if (t[i].source != kNoValue) {
      return t[i].perm == perm;
    }
    return r.constant(i) && r.shape(inputs[i]).rank() <= dst.rank();
  };
  if (!fits(0) || !fits(1)) {
    return false;
  }
  std::vector<ValueId> sources;
  for (std::size_t i = 0; i < 2; ++i) {
    sources.push_back(t[i].source != kNoValue
                          ? t[i].source
                          : r.add_constant("operand", untransposed(*r.constant(i), perm)));
  }
  const ValueId y = r.emit(
      "cpu.Binary", sources, {DType::Float32, permuted(dst, inverse(perm))}, r.node().attributes);
  r.finish(r.transpose(y, perm));
  return true;
}

bool sink_below_concat(Rewriter& r) {
  const Graph& graph = r.graph();
  const Transposed first = transposed(graph, r.input(0));
  std::vector<ValueId> sources;
  for (const ValueId input : r.node().inputs) {
    const Transposed t = transposed(graph, input);
    if (t.source == kNoValue || t.perm != first.perm) {
      return false;
    }
    sources.push_back(t.source);
  }
  const auto axis = static_cast<std::size_t>(r.node().attributes.get_int("axis", 0));
  const TensorType dst = graph.type(r.node().outputs[0]);
  const ValueId y = r.emit("cpu.Concat",
                           sources,
                           {dst.dtype, permuted(dst.shape, inverse(first.perm))},
                           {{"axis", first.perm[axis]}});
  r.finish(r.transpose(y, first.perm));
  return true;
}

bool sink_below(Rewriter& r) {
  const std::string& op = r.node().op;
  if (op == "cpu.Activation") {
    return sink_below_activation(r);
  }
  if (op == "cpu.Binary") {
    return sink_below_binary(r);
  }
  return op == "cpu.Concat" && sink_below_concat(r);
}

/// What a value is made of through views and transposes.
struct Chain {
  ValueId root;
  AxisOrder order;
};

std::optional<Chain> chain_of(const Graph& graph, ValueId id) {
  std::vector<NodeId> nodes;
  ValueId root = id;
  while (is_op(graph, root, "Transpose") || is_op(graph, root, host::kViewOp)) {
    nodes.push_back(*graph.producer(root));
    root = graph.node(nodes.back()).inputs[0];
  }
  const Shape source = *graph.value(root).shape;
  if (source.num_elements() == 0) {
    return std::nullopt;
  }
  Chain chain{root, AxisOrder(source)};
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const Node& node = graph.node(*it);
    if (node.op == "Transpose") {
      chain.order.transpose(node.attributes.get_ints("perm"));
    } else if (!chain.order.view(*graph.value(node.outputs[0]).shape)) {
      return std::nullopt;
    }
  }
  return chain;
}

/// Values made once for every (source, extents before, permutation).
using MadeTransposes = std::map<std::tuple<ValueId, std::vector<std::int64_t>, Perm>, ValueId>;

void shorten_chain(Graph& graph, NodeId id, MadeTransposes& made) {
  Rewriter r(graph, id);
  const ValueId out = r.node().outputs[0];
  const std::optional<Chain> chain = chain_of(graph, out);
  if (!chain) {
    return;
  }
  const AxisOrder::Steps steps = chain->order.steps();
  const auto viewed = [&r](ValueId x, const Shape& shape) {
    return r.shape(x) == shape ? x : r.view(x, shape);
  };
  ValueId y = chain->root;
  if (!steps.perm.empty()) {
    const auto key = std::tuple(chain->root, steps.split.extents(), steps.perm);
    const auto it = made.find(key);
    y = it != made.end() ? it->second : r.transpose(viewed(y, steps.split), steps.perm);
    made.emplace(key, y);
  }
  r.finish(viewed(y, r.shape(out)));
}

}  // namespace

void sink_transposes(Graph& graph) {
  // A node behind one that was rewritten is seen later in the same sweep.
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    Rewriter rewriter(graph, id);
    sink_below(rewriter);
  }
}

void skip_transposes_to_outputs(Graph& graph, std::size_t first) {
  std::vector<ValueId> outputs(graph.outputs().begin(), graph.outputs().end());
  for (std::size_t i = first; i < outputs.size(); ++i) {
    const ValueId ordered = outputs[i];
    ValueId source = ordered;
    while (is_op(graph, source, "Transpose") || is_op(graph, source, host::kViewOp)) {
      source = graph.node(*graph.producer(source)).inputs[0];
    }
    if (source == ordered) {
      continue;
    }
    const std::string name = graph.value(ordered).name;
    graph.rename_value(ordered, graph.unique_name(name + "/ordered"));
    outputs[i] = graph.add_value(name, graph.type(ordered));
    graph.insert_node(*graph.producer(ordered),
                      {.name = "",
                       .op = std::string(host::kViewOp),
                       .inputs = {source},
                       .outputs = {outputs[i]},
                       .attributes = {}});
  }
  graph.set_outputs(std::move(outputs));
  graph.remove_dead_nodes();
}

void cancel_transposes(Graph& graph) {
  MadeTransposes made;
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const std::string& op = graph.node(id).op;
    if (op == "Transpose" || op == host::kViewOp) {
      shorten_chain(graph, id, made);
    }
  }
  graph.remove_dead_nodes();
}

}  // namespace mtmi::cpu
