// What the rewrites between opsets use to change one node. Private to onnx/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/onnx/element_types.h"

namespace mtmi::onnx {

/// One node of a graph, and new nodes in front of it. Names of new values and nodes begin with the
/// name of the node's first output.
class NodeRewriter {
 public:
  /// New nodes go to the end of the graph, and into `order`, where they belong: whoever rewrites
  /// all nodes sets the order once, as putting each in its place would take quadratic time.
  NodeRewriter(Graph& graph, NodeId id, const ElementTypes& types, std::vector<NodeId>& order);

  [[nodiscard]] const Graph& graph() const noexcept { return graph_; }

  [[nodiscard]] const Node& node() const { return graph_.node(id_); }

  [[nodiscard]] const Attributes& attributes() const { return node().attributes; }

  /// kNoValue where the input is left out.
  [[nodiscard]] ValueId input(std::size_t index) const;
  /// The element type of input 0. Throws Error(Unsupported) if it cannot be told.
  [[nodiscard]] DType input_type() const;

  /// The shape of input `index`. Throws Error(InvalidModel) where it is not known.
  [[nodiscard]] Shape input_shape(std::size_t index) const;
  /// The value of input `index` where it is a constant; nullptr otherwise.
  [[nodiscard]] const Tensor* constant(std::size_t index) const;
  /// As above, as 64-bit integers; nothing where it is of another type, too.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> constant_ints(std::size_t index) const;

  /// A constant "<output>/<role>".
  ValueId add_constant(std::string_view role, Tensor tensor);
  /// A list of 64-bit integers.
  ValueId add_ints(std::string_view role, const std::vector<std::int64_t>& values);
  /// A node in front of this one that makes one value, "<output>/<role>".
  ValueId insert(std::string_view role,
                 std::string op,
                 std::vector<ValueId> inputs,
                 Attributes attributes = {});

  void set_attribute(std::string name, Attribute value);
  void erase_attribute(std::string_view name);
  /// Inputs in between are left out. Throws Error(InvalidModel) if the node has that input already.
  void set_new_input(std::size_t index, ValueId value);
  void set_inputs(std::vector<ValueId> values);
  /// Makes it another operator with the same outputs.
  void become(std::string op, std::vector<ValueId> inputs, Attributes attributes);
  /// Gives up output `index` and those after it. Throws Error(Unsupported), calling it `role`, if
  /// one of them is read.
  void drop_outputs(std::size_t index, std::string_view role);

 private:
  [[nodiscard]] std::string name_for(std::string_view role) const;

  Graph& graph_;
  NodeId id_;
  const ElementTypes& types_;
  std::vector<NodeId>& order_;
};

/// Calls `rewrite` for every node in its order, and puts new nodes in front of the node that they
/// were made for. Errors name the node.
void rewrite_nodes(Graph& graph, const std::function<void(NodeRewriter& node)>& rewrite);

/// A tensor of rank 0. Throws Error(InvalidModel) unless `dtype` is a floating-point type.
[[nodiscard]] Tensor scalar(DType dtype, float value);

}  // namespace mtmi::onnx
