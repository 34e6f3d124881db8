// Questions that passes ask about a graph. Private to passes/.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// The node that makes `value`, if its operator is `op`; nothing otherwise.
[[nodiscard]] std::optional<NodeId> producer_of(const Graph& graph,
                                                ValueId value,
                                                std::string_view op);

/// The only node that reads `value` (once), if its operator is `op` and `value` is no output.
[[nodiscard]] std::optional<NodeId> only_user_of(const Graph& graph,
                                                 ValueId value,
                                                 std::string_view op);

/// Input `index` of `node`, or kNoValue where the node has fewer.
[[nodiscard]] ValueId input_of(const Node& node, std::size_t index);

/// The tensor of a constant; nullptr for anything else, kNoValue included.
[[nodiscard]] const Tensor* constant_of(const Graph& graph, ValueId value);

/// The one number that a floating-point or integer constant consists of, whatever its shape;
/// nothing if its elements differ, it is empty, a bool or no constant.
[[nodiscard]] std::optional<double> uniform_constant(const Graph& graph, ValueId value);

/// Whether `value` is a constant filled with a number that rounds to `number` in its element type.
[[nodiscard]] bool is_filled_with(const Graph& graph, ValueId value, double number);

/// The values of an integer constant; nothing for anything else.
[[nodiscard]] std::optional<std::vector<std::int64_t>> constant_ints(const Graph& graph,
                                                                     ValueId value);

/// A node with two inputs of which one matched and the other is the rest.
struct Operands {
  ValueId matched;
  ValueId other;
};

/// The inputs of a binary node, the one for which `is_match` holds first; nothing if it holds for
/// neither.
template <class Predicate>
[[nodiscard]] std::optional<Operands> either_operand(const Node& node, Predicate is_match) {
  if (is_match(node.inputs[0])) {
    return Operands{node.inputs[0], node.inputs[1]};
  }
  if (is_match(node.inputs[1])) {
    return Operands{node.inputs[1], node.inputs[0]};
  }
  return std::nullopt;
}

/// Whether dtype and shape of both are known and the same.
[[nodiscard]] bool same_type(const Graph& graph, ValueId a, ValueId b);

/// The shape of `value`, which must be known (passes run on static graphs).
[[nodiscard]] const Shape& shape_of(const Graph& graph, ValueId value);

/// `axis` counted from the front.
[[nodiscard]] std::size_t positive_axis(std::int64_t axis, int rank);

/// Whether `shape` has more than one element along `axis` (counted from the back, 0 the innermost)
/// only: such a constant acts per channel.
[[nodiscard]] bool varies_along_only(const Shape& shape, int axis_from_back);

}  // namespace mtmi::passes
