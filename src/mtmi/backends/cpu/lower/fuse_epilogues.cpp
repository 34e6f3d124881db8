// Biases, activations and residuals move into the step that makes what they work on.
#include <algorithm>

#include "mtmi/backends/common_host/storage.h"
#include "mtmi/backends/cpu/lower/operators.h"
#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/kernels/fast/rows.h"

namespace mtmi::cpu {
namespace {

using kernels::Activation;

/// The node that makes `id`, looked for through views, if nobody else reads anything on the way.
std::optional<NodeId> sole_producer(const Graph& graph, ValueId id) {
  for (;;) {
    const auto producer = graph.producer(id);
    if (!producer || !graph.has_single_user(id)) {
      return std::nullopt;
    }
    if (graph.node(*producer).op != host::kViewOp) {
      return producer;
    }
    id = graph.node(*producer).inputs[0];
  }
}

bool has_activation(const Node& node, std::string_view prefix) {
  return read_activation(node.attributes, prefix).kind != Activation::None;
}

bool has_residual(const Node& node) {
  const std::size_t index = node.op == "cpu.Resize" ? 1 : kResidualInput;
  return node.inputs.size() > index && node.inputs[index] != kNoValue;
}

/// Lets everything read the input of `id` in its place.
void bypass(Graph& graph, NodeId id, ValueId value) {
  const ValueId old = graph.node(id).outputs[0];
  graph.erase_node(id);
  graph.replace_value(old, value);
}

void set_activation(Graph& graph,
                    NodeId id,
                    const std::string& prefix,
                    const kernels::ActivationSpec& spec) {
  Attributes attributes = graph.node(id).attributes;
  write_activation(attributes, prefix, spec);
  graph.set_attributes(id, std::move(attributes));
}

bool fuse_activation(Graph& graph, NodeId id) {
  const ValueId x = graph.node(id).inputs[0];
  const auto producer = sole_producer(graph, x);
  if (!producer) {
    return false;
  }
  const Node& maker = graph.node(*producer);
  const auto spec = read_activation(graph.node(id).attributes, "first");
  const bool can = has_epilogue(maker.op);
  const bool has_last = has_activation(maker, "last");
  if (!has_activation(maker, "first") && !has_last &&
      (maker.op == "cpu.Depthwise" || maker.op == "cpu.Resize" || (can && !has_residual(maker)))) {
    set_activation(graph, *producer, "first", spec);
  } else if (can && !has_last) {
    set_activation(graph, *producer, "last", spec);
  } else {
    return false;
  }
  bypass(graph, id, x);
  return true;
}

/// x + constant of one number per channel.
bool fuse_bias(Graph& graph, NodeId id, ValueId x, ValueId addend) {
  const auto producer = sole_producer(graph, x);
  const auto& constant = graph.value(addend).constant;
  if (!producer || !constant) {
    return false;
  }
  const Node& maker = graph.node(*producer);
  const Shape made = *graph.value(maker.outputs[0]).shape;
  const Shape read = *graph.value(x).shape;
  const Shape& c = constant->shape();
  const bool can = has_epilogue(maker.op) || maker.op == "cpu.Depthwise";
  if (!can || maker.inputs[kBiasInput] != kNoValue || has_residual(maker) ||
      has_activation(maker, "first") || has_activation(maker, "last") || made[-1] != read[-1] ||
      c.rank() == 0 || c[-1] != made[-1] || c.num_elements() != made[-1]) {
    return false;
  }
  graph.set_input(
      *producer,
      kBiasInput,
      graph.add_constant(graph.value(addend).name + "/bias", constant->reshaped(Shape{made[-1]})));
  bypass(graph, id, x);
  return true;
}

/// x + a value of the same shape.
bool fuse_residual(Graph& graph, NodeId id, ValueId x, ValueId addend) {
  const auto producer = sole_producer(graph, x);
  if (!producer || *graph.value(x).shape != *graph.value(addend).shape || x == addend) {
    return false;
  }
  const Node& maker = graph.node(*producer);
  const bool is_resize = maker.op == "cpu.Resize";
  if (!(has_epilogue(maker.op) || is_resize) || has_residual(maker) ||
      has_activation(maker, "last") || (is_resize && has_activation(maker, "first"))) {
    return false;
  }
  std::vector<ValueId> inputs = maker.inputs;
  const std::size_t index = is_resize ? 1 : kResidualInput;
  inputs.resize(std::max(inputs.size(), index + 1), kNoValue);
  inputs[index] = addend;
  graph.set_inputs(*producer, std::move(inputs));
  bypass(graph, id, x);
  return true;
}

bool fuse_addition(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.attributes.get_int("op", -1) != static_cast<std::int64_t>(kernels::BinaryOp::Add)) {
    return false;
  }
  const ValueId a = node.inputs[0];
  const ValueId b = node.inputs[1];
  if (fuse_bias(graph, id, a, b) || fuse_bias(graph, id, b, a)) {
    return true;
  }
  // What is made last takes the other as its residual: no wait for what is not there yet.
  const auto position = [&graph](ValueId value) {
    const auto producer = graph.producer(value);
    return producer ? std::find(graph.order().begin(), graph.order().end(), *producer) -
                          graph.order().begin()
                    : -1;
  };
  const bool a_is_later = position(a) > position(b);
  const ValueId later = a_is_later ? a : b;
  const ValueId earlier = a_is_later ? b : a;
  return fuse_residual(graph, id, later, earlier) || fuse_residual(graph, id, earlier, later);
}

}  // namespace

void fuse_epilogues(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const std::string& op = graph.node(id).op;
    if (op == "cpu.Activation") {
      fuse_activation(graph, id);
    } else if (op == "cpu.Binary") {
      fuse_addition(graph, id);
    }
  }
  graph.sort();
}

}  // namespace mtmi::cpu
