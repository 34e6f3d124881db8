#include "mtmi/graph/graph.h"

#include <algorithm>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/error.h"
#include "mtmi/graph/topological_order.h"

namespace mtmi {
namespace {

std::size_t index_of(ValueId id) {
  return static_cast<std::size_t>(id);
}

std::size_t index_of(NodeId id) {
  return static_cast<std::size_t>(id);
}

}  // namespace

std::string to_string(const TensorType& type) {
  return std::string(to_string(type.dtype)) + to_string(type.shape);
}

bool is_one_of(std::string_view op, std::span<const std::string_view> ops) noexcept {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

Graph::ValueSlot& Graph::slot(ValueId id) {
  MTMI_ASSERT(id != kNoValue && index_of(id) < values_.size());
  return values_[index_of(id)];
}

const Graph::ValueSlot& Graph::slot(ValueId id) const {
  MTMI_ASSERT(id != kNoValue && index_of(id) < values_.size());
  return values_[index_of(id)];
}

ValueId Graph::add_value(std::string_view value_name) {
  const auto id = static_cast<ValueId>(values_.size());
  values_.emplace_back();
  values_.back().value.name = unique_name(value_name);
  by_name_.emplace(values_.back().value.name, id);
  return id;
}

ValueId Graph::add_value(std::string_view value_name, TensorType type) {
  const ValueId id = add_value(value_name);
  set_type(id, std::move(type));
  return id;
}

ValueId Graph::add_input(std::string_view value_name, TensorType type) {
  ++revision_;
  const ValueId id = add_value(value_name, std::move(type));
  slot(id).is_input = true;
  inputs_.push_back(id);
  return id;
}

ValueId Graph::add_dynamic_input(std::string_view value_name,
                                 DType dtype,
                                 std::vector<std::string> dim_names) {
  ++revision_;
  const ValueId id = add_value(value_name);
  slot(id).value.dtype = dtype;
  slot(id).value.dim_names = std::move(dim_names);
  slot(id).is_input = true;
  inputs_.push_back(id);
  return id;
}

ValueId Graph::add_constant(std::string_view value_name, Tensor tensor) {
  const ValueId id = add_value(value_name);
  set_constant(id, std::move(tensor));
  return id;
}

void Graph::add_output(ValueId value) {
  ++revision_;
  ++slot(value).output_count;
  outputs_.push_back(value);
}

NodeId Graph::store_node(Node node) {
  ++revision_;
  const auto id = static_cast<NodeId>(nodes_.size());
  for (const ValueId output : node.outputs) {
    if (output != kNoValue) {
      ValueSlot& made = slot(output);
      MTMI_ASSERT(!made.producer && !made.is_input && !made.value.constant);
      made.producer = id;
    }
  }
  for (const ValueId input : node.inputs) {
    if (input != kNoValue) {
      slot(input).users.push_back(id);
    }
  }
  nodes_.emplace_back(std::move(node));
  return id;
}

NodeId Graph::add_node(Node node) {
  order_.push_back(store_node(std::move(node)));
  return order_.back();
}

NodeId Graph::insert_node(NodeId position, Node node) {
  const auto it = std::find(order_.begin(), order_.end(), position);
  MTMI_ASSERT(it != order_.end());
  const auto offset = it - order_.begin();
  const NodeId id = store_node(std::move(node));
  order_.insert(order_.begin() + offset, id);
  return id;
}

const Node& Graph::node(NodeId id) const {
  MTMI_ASSERT(index_of(id) < nodes_.size() && nodes_[index_of(id)]);
  return *nodes_[index_of(id)];
}

const Value& Graph::value(ValueId id) const {
  return slot(id).value;
}

std::vector<ValueId> Graph::values() const {
  std::vector<ValueId> used;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const ValueSlot& s = values_[i];
    if (s.is_input || s.output_count > 0 || s.producer || !s.users.empty()) {
      used.push_back(static_cast<ValueId>(i));
    }
  }
  return used;
}

std::optional<ValueId> Graph::find_value(std::string_view value_name) const {
  const auto it = by_name_.find(std::string(value_name));
  return it == by_name_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<NodeId> Graph::producer(ValueId id) const {
  return slot(id).producer;
}

std::span<const NodeId> Graph::users(ValueId id) const {
  return slot(id).users;
}

bool Graph::is_input(ValueId id) const {
  return slot(id).is_input;
}

bool Graph::is_output(ValueId id) const {
  return slot(id).output_count > 0;
}

bool Graph::has_single_user(ValueId id) const {
  return slot(id).users.size() == 1 && !is_output(id);
}

TensorType Graph::type(ValueId id) const {
  const Value& v = value(id);
  if (!v.dtype || !v.shape) {
    throw Error(ErrorCode::InvalidModel,
                "graph::Graph::type",
                "the shape of tensor '" + v.name +
                    "' is not known; give the sizes of dynamic inputs with --input NAME=DIMS");
  }
  return {*v.dtype, *v.shape};
}

bool Graph::is_static() const {
  const std::vector<ValueId> used = values();
  return std::all_of(used.begin(), used.end(), [this](ValueId id) {
    return value(id).dtype.has_value() && value(id).shape.has_value();
  });
}

void Graph::set_type(ValueId id, TensorType type) {
  Value& v = slot(id).value;
  v.dtype = type.dtype;
  v.shape = std::move(type.shape);
  v.dim_names.clear();
}

void Graph::set_constant(ValueId id, Tensor tensor) {
  ++revision_;
  ValueSlot& s = slot(id);
  MTMI_ASSERT(!s.producer && !s.is_input);
  set_type(id, {tensor.dtype(), tensor.shape()});
  s.value.constant = std::move(tensor);
}

void Graph::forget_types() {
  for (ValueSlot& s : values_) {
    if (!s.is_input && !s.value.constant) {
      s.value.dtype.reset();
      s.value.shape.reset();
    }
  }
}

void Graph::unuse(ValueId value, NodeId user) {
  if (value == kNoValue) {
    return;
  }
  std::vector<NodeId>& users = slot(value).users;
  const auto it = std::find(users.begin(), users.end(), user);
  MTMI_ASSERT(it != users.end());
  // In order: passes walk forwards, so what goes next stands in front, also of a constant that
  // thousands of nodes read.
  users.erase(it);
}

void Graph::set_input(NodeId id, std::size_t index, ValueId value) {
  ++revision_;
  static_cast<void>(node(id));
  std::vector<ValueId>& inputs = nodes_[index_of(id)]->inputs;
  MTMI_ASSERT(index < inputs.size());
  unuse(inputs[index], id);
  inputs[index] = value;
  if (value != kNoValue) {
    slot(value).users.push_back(id);
  }
}

void Graph::set_inputs(NodeId id, std::vector<ValueId> values) {
  ++revision_;
  for (const ValueId old : node(id).inputs) {
    unuse(old, id);
  }
  for (const ValueId value : values) {
    if (value != kNoValue) {
      slot(value).users.push_back(id);
    }
  }
  nodes_[index_of(id)]->inputs = std::move(values);
}

void Graph::set_op(NodeId id, std::string op, Attributes attributes) {
  ++revision_;
  static_cast<void>(node(id));
  nodes_[index_of(id)]->op = std::move(op);
  nodes_[index_of(id)]->attributes = std::move(attributes);
}

void Graph::set_attributes(NodeId id, Attributes attributes) {
  ++revision_;
  static_cast<void>(node(id));
  nodes_[index_of(id)]->attributes = std::move(attributes);
}

void Graph::set_node_name(NodeId id, std::string node_name) {
  static_cast<void>(node(id));
  nodes_[index_of(id)]->name = std::move(node_name);
}

void Graph::truncate_outputs(NodeId id, std::size_t count) {
  static_cast<void>(node(id));
  std::vector<ValueId>& outputs = nodes_[index_of(id)]->outputs;
  while (outputs.size() > count) {
    if (outputs.back() != kNoValue) {
      slot(outputs.back()).producer.reset();
    }
    outputs.pop_back();
  }
}

void Graph::erase_node(NodeId id) {
  ++revision_;
  for (const ValueId input : node(id).inputs) {
    unuse(input, id);
  }
  for (const ValueId output : node(id).outputs) {
    if (output != kNoValue) {
      slot(output).producer.reset();
    }
  }
  nodes_[index_of(id)].reset();
  order_.erase(std::find(order_.begin(), order_.end(), id));
}

// By value, as `values` may be our own outputs. NOLINTNEXTLINE(performance-unnecessary-value-param)
void Graph::set_outputs(std::vector<ValueId> values) {
  ++revision_;
  for (const ValueId old : outputs_) {
    --slot(old).output_count;
  }
  outputs_.clear();
  for (const ValueId value : values) {
    add_output(value);
  }
}

void Graph::set_inputs(std::vector<ValueId> values) {
  ++revision_;
  for (const ValueId old : inputs_) {
    slot(old).is_input = false;
  }
  for (const ValueId value : values) {
    MTMI_ASSERT(!slot(value).producer && !slot(value).value.constant);
    slot(value).is_input = true;
  }
  inputs_ = std::move(values);
}

bool Graph::rename_value(ValueId id, std::string_view value_name) {
  Value& v = slot(id).value;
  if (v.name == value_name) {
    return true;
  }
  if (value_name.empty() || !by_name_.emplace(value_name, id).second) {
    return false;
  }
  by_name_.erase(v.name);
  v.name = value_name;
  return true;
}

std::string Graph::unique_name(std::string_view prefix) const {
  std::string candidate(prefix.empty() ? "value" : prefix);
  const std::string stem = candidate;
  for (int suffix = 1; by_name_.contains(candidate); ++suffix) {
    candidate = stem + "_" + std::to_string(suffix);
  }
  return candidate;
}

void Graph::replace_value(ValueId from, ValueId to) {
  MTMI_ASSERT(from != to && !slot(from).producer);
  const std::vector<NodeId> users(slot(from).users);
  for (const NodeId user : users) {
    const std::vector<ValueId> inputs = node(user).inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i] == from) {
        set_input(user, i, to);
      }
    }
  }
  if (!is_output(from)) {
    return;
  }
  if (is_input(to) || is_constant(to) || is_output(to)) {
    const auto source = slot(to).producer;
    Node identity{
        .name = "", .op = "Identity", .inputs = {to}, .outputs = {from}, .attributes = {}};
    if (source) {
      const auto it = std::find(order_.begin(), order_.end(), *source);
      const auto offset = it - order_.begin() + 1;
      const NodeId id = store_node(std::move(identity));
      order_.insert(order_.begin() + offset, id);
    } else {
      const NodeId id = store_node(std::move(identity));
      order_.insert(order_.begin(), id);
    }
    return;
  }
  ++revision_;
  const std::string kept = value(from).name;
  rename_value(from, unique_name(kept + "/replaced"));
  rename_value(to, kept);
  std::replace(outputs_.begin(), outputs_.end(), from, to);
  slot(to).output_count = std::exchange(slot(from).output_count, 0);
}

int Graph::remove_dead_nodes() {
  int removed = 0;
  const std::vector<NodeId> backwards(order_.rbegin(), order_.rend());
  std::vector<bool> dead(nodes_.size(), false);
  for (const NodeId id : backwards) {
    const std::vector<ValueId>& outputs = node(id).outputs;
    const bool is_read = std::any_of(outputs.begin(), outputs.end(), [this](ValueId output) {
      return output != kNoValue && (!slot(output).users.empty() || is_output(output));
    });
    if (!is_read) {
      for (const ValueId input : node(id).inputs) {
        unuse(input, id);
      }
      for (const ValueId output : outputs) {
        if (output != kNoValue) {
          slot(output).producer.reset();
        }
      }
      nodes_[index_of(id)].reset();
      dead[index_of(id)] = true;
      ++removed;
    }
  }
  std::erase_if(order_, [&dead](NodeId id) { return dead[index_of(id)]; });
  revision_ += removed > 0 ? 1 : 0;
  return removed;
}

void Graph::set_order(std::vector<NodeId> nodes) {
  MTMI_ASSERT(nodes.size() == order_.size());
  order_ = std::move(nodes);
}

void Graph::sort() {
  order_ = topological_order(*this);
}

std::optional<std::string> find_defect(const Graph& graph) {
  std::vector<bool> made;
  const auto mark = [&made](ValueId id) {
    made.resize(std::max(made.size(), index_of(id) + 1), false);
    made[index_of(id)] = true;
  };
  const auto is_made = [&made](ValueId id) {
    return index_of(id) < made.size() && made[index_of(id)];
  };
  for (const ValueId id : graph.inputs()) {
    mark(id);
  }
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    for (const ValueId input : node.inputs) {
      if (input != kNoValue && !graph.is_constant(input) && !is_made(input)) {
        return describe_node(graph, id) + " reads '" + graph.value(input).name +
               "', which nothing before it makes";
      }
    }
    for (const ValueId output : node.outputs) {
      if (output != kNoValue) {
        mark(output);
      }
    }
  }
  for (const ValueId id : graph.outputs()) {
    if (!is_made(id) && !graph.is_constant(id)) {
      return "output '" + graph.value(id).name + "' is made by no node";
    }
  }
  return std::nullopt;
}

std::string describe_node(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const std::string called =
      node.name.empty() ? "#" + std::to_string(index_of(id)) : "'" + node.name + "'";
  return "node " + called + " (" + node.op + ")";
}

}  // namespace mtmi
