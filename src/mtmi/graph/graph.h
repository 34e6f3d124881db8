// The network as a graph of typed values: what every step between the ONNX file and the engine
// reads.
//
// One form for all opsets: the reader brings every operator to its opset-21 meaning
// (onnx/upgrade.h), so a node's operator name alone says what it computes. Operators beyond ONNX 21
// that mtmi knows inside a Graph: Attention (ops/attention.h). Constants are values, not nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mtmi/dtype.h"
#include "mtmi/graph/attributes.h"
#include "mtmi/shape.h"
#include "mtmi/tensor.h"

namespace mtmi {

/// Names a value of one Graph. Stable under every change of the graph.
enum class ValueId : std::int32_t {};
/// Names a node of one Graph. Stable under every change of the graph.
enum class NodeId : std::int32_t {};

/// Stands where an optional input or output of a node is left out.
inline constexpr ValueId kNoValue{-1};

/// Element type and extents.
struct TensorType {
  DType dtype = DType::Float32;
  Shape shape;
  bool operator==(const TensorType&) const = default;
};

/// "f32[1,3,224,224]"
[[nodiscard]] std::string to_string(const TensorType& type);

/// A tensor that is computed once: a graph input, a constant, or an output of one node.
struct Value {
  std::string name;                ///< unique in the graph, never empty
  std::optional<DType> dtype;      ///< nothing: not inferred yet
  std::optional<Shape> shape;      ///< nothing: not inferred yet, or dynamic
  std::optional<Tensor> constant;  ///< set for constants only; dtype and shape agree with it
  /// For a graph input whose shape is dynamic: per axis a number, or the symbol or "?" that the
  /// file gives. Empty where the shape is known.
  std::vector<std::string> dim_names;
};

/// Whether the operator is among `ops`.
[[nodiscard]] bool is_one_of(std::string_view op, std::span<const std::string_view> ops) noexcept;

/// One application of an operator.
struct Node {
  std::string name;              ///< as in the file; may be empty, need not be unique
  std::string op;                ///< "Conv", "Relu", ...
  std::vector<ValueId> inputs;   ///< kNoValue: left out
  std::vector<ValueId> outputs;  ///< kNoValue: left out
  Attributes attributes;
};

/// A directed acyclic graph of nodes in a topological order. A value type: copies share only the
/// elements of constants. Thread-compatible.
///
/// Mutation goes through the graph, so that producers and users are always known.
class Graph {
 public:
  std::string name;

  // --- building --------------------------------------------------------------------------------

  /// A value with no producer yet. `value_name` is made unique by a suffix if it is taken.
  ValueId add_value(std::string_view value_name);
  ValueId add_value(std::string_view value_name, TensorType type);
  ValueId add_input(std::string_view value_name, TensorType type);
  /// An input of unknown shape. `dim_names` as in Value; empty where not even the rank is known.
  ValueId add_dynamic_input(std::string_view value_name,
                            DType dtype,
                            std::vector<std::string> dim_names);
  ValueId add_constant(std::string_view value_name, Tensor tensor);
  /// Makes an existing value an output of the graph (once per position: a value may be output
  /// twice).
  void add_output(ValueId value);
  /// Appends at the end of the order. Pre: no output of `node` has a producer or is an input.
  NodeId add_node(Node node);
  /// Inserts in front of `position`.
  NodeId insert_node(NodeId position, Node node);

  // --- reading ---------------------------------------------------------------------------------

  /// In topological order: every node stands behind the producers of its inputs.
  [[nodiscard]] std::span<const NodeId> order() const noexcept { return order_; }

  [[nodiscard]] const Node& node(NodeId id) const;
  [[nodiscard]] const Value& value(ValueId id) const;

  [[nodiscard]] std::span<const ValueId> inputs() const noexcept { return inputs_; }

  [[nodiscard]] std::span<const ValueId> outputs() const noexcept { return outputs_; }

  /// Every value that is an input, an output, a constant with users, or made or read by a node.
  [[nodiscard]] std::vector<ValueId> values() const;
  /// The value of that name, or nothing.
  [[nodiscard]] std::optional<ValueId> find_value(std::string_view value_name) const;
  /// The node that makes `id`; nothing for inputs and constants.
  [[nodiscard]] std::optional<NodeId> producer(ValueId id) const;
  /// The nodes that read `id`, one entry per reading input, in no particular order.
  [[nodiscard]] std::span<const NodeId> users(ValueId id) const;
  [[nodiscard]] bool is_input(ValueId id) const;
  [[nodiscard]] bool is_output(ValueId id) const;

  [[nodiscard]] bool is_constant(ValueId id) const { return value(id).constant.has_value(); }

  /// Whether one node reads `id` once, nobody else does, and it is no output: it may be fused away.
  [[nodiscard]] bool has_single_user(ValueId id) const;
  /// The type of `id`. Throws Error(InvalidModel) naming the value where it is not known.
  [[nodiscard]] TensorType type(ValueId id) const;

  /// Goes up with every change of nodes, attributes, constants, inputs and outputs; not with types
  /// and names. Two equal readings of one graph: nothing happened in between.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

  /// Whether every value has a dtype and a shape.
  [[nodiscard]] bool is_static() const;

  // --- changing --------------------------------------------------------------------------------

  void set_type(ValueId id, TensorType type);
  /// Turns `id` into a constant. Pre: it is no input; its producer, if any, is erased beforehand.
  void set_constant(ValueId id, Tensor tensor);
  /// Gives up dtype and shape of everything but inputs and constants.
  void forget_types();
  void set_input(NodeId id, std::size_t index, ValueId value);
  void set_inputs(NodeId id, std::vector<ValueId> values);
  void set_op(NodeId id, std::string op, Attributes attributes);
  void set_attributes(NodeId id, Attributes attributes);
  void set_node_name(NodeId id, std::string node_name);
  /// Gives up all outputs but the first `count`; they are left without a producer.
  void truncate_outputs(NodeId id, std::size_t count);
  /// Removes the node; its outputs are left without a producer.
  void erase_node(NodeId id);
  /// Replaces the list of outputs, e.g. to cut a graph.
  void set_outputs(std::vector<ValueId> values);
  /// Replaces the list of inputs. Pre: none of `values` is a constant or has a producer.
  void set_inputs(std::vector<ValueId> values);
  /// Renames a value. Returns false, changing nothing, if the name is taken.
  bool rename_value(ValueId id, std::string_view value_name);
  /// `prefix`, or `prefix` with the first free suffix "_1", "_2", ...
  [[nodiscard]] std::string unique_name(std::string_view prefix) const;

  /// Lets everything that reads `from` read `to`, outputs of the graph included. An output keeps
  /// its name: `to` takes it over (`from` gets another). Where that cannot be (`to` is an input, a
  /// constant or itself an output), an Identity node from `to` stays in the place of `from`.
  /// Pre: `to` does not depend on `from`. The producer of `from`, if any, must be erased
  /// beforehand.
  void replace_value(ValueId from, ValueId to);

  /// Erases nodes none of whose outputs is read, over and over. Returns how many. Inputs stay.
  int remove_dead_nodes();

  /// Puts the nodes into this order. Pre: `nodes` are all nodes, each once, and topologically
  /// sorted. For those who add many nodes: insert_node() moves all nodes behind it.
  void set_order(std::vector<NodeId> nodes);

  /// Puts the nodes into a topological order, changing as little as it can.
  /// Throws Error(InvalidModel) naming a node on a cycle.
  void sort();

 private:
  struct ValueSlot {
    Value value;
    std::optional<NodeId> producer;
    std::vector<NodeId> users;
    int output_count = 0;
    bool is_input = false;
  };

  ValueSlot& slot(ValueId id);
  [[nodiscard]] const ValueSlot& slot(ValueId id) const;
  NodeId store_node(Node node);
  void unuse(ValueId value, NodeId user);

  std::vector<ValueSlot> values_;
  std::vector<std::optional<Node>> nodes_;  // nothing: erased
  std::vector<NodeId> order_;
  std::vector<ValueId> inputs_;
  std::vector<ValueId> outputs_;
  std::unordered_map<std::string, ValueId> by_name_;
  std::uint64_t revision_ = 0;
};

/// What is wrong with the structure of `graph` (order, producers, names, types of constants), or
/// nothing. Passes are checked with it after every step.
[[nodiscard]] std::optional<std::string> find_defect(const Graph& graph);

/// "node 'conv1' (Conv)", or "node #7 (Conv)" for one without a name: how errors call a node.
[[nodiscard]] std::string describe_node(const Graph& graph, NodeId id);

}  // namespace mtmi
