// What mtmi knows about an operator: arity, attributes, and the types of its outputs.
//
// One meaning per operator name, ONNX's at opset 21 (Attention: our own, ops/attention.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::ops {

/// How many inputs or outputs an operator takes.
struct Arity {
  int min = 1;
  int max = 1;  ///< kVariadic: any number

  static constexpr int kVariadic = 1 << 20;
};

/// What infer() may ask about the node at hand. Lives only during the call.
class InferContext {
 public:
  /// `types` and `constants` have one entry per input of `node`; nothing where the input is left
  /// out (types) or its value is not known (constants).
  InferContext(const Node& node,
               std::span<const std::optional<TensorType>> types,
               std::span<const Tensor* const> constants)
      : node_(node), types_(types), constants_(constants) {}

  [[nodiscard]] const Node& node() const noexcept { return node_; }

  [[nodiscard]] const Attributes& attributes() const noexcept { return node_.attributes; }

  /// Inputs as written, left-out ones at the end not counted.
  [[nodiscard]] int num_inputs() const noexcept;

  [[nodiscard]] int num_outputs() const noexcept { return static_cast<int>(node_.outputs.size()); }

  [[nodiscard]] bool has_input(int index) const noexcept;
  /// Throws Error(InvalidModel) if the input is left out.
  [[nodiscard]] const TensorType& input(int index) const;
  /// The value of an input where it is known before the network runs; nullptr otherwise.
  [[nodiscard]] const Tensor* constant(int index) const noexcept;
  /// The value of an input that shapes depend on, as 64-bit integers (from s32 or s64, any rank).
  /// `role` names it in the sentence: "its input 1 (shape) is computed from data".
  /// Throws Error(Unsupported) if it is not known, Error(InvalidModel) if it is of another type.
  [[nodiscard]] std::vector<std::int64_t> constant_ints(int index, std::string_view role) const;
  /// The same for an input of a floating-point type.
  [[nodiscard]] std::vector<double> constant_floats(int index, std::string_view role) const;

 private:
  const Node& node_;
  std::span<const std::optional<TensorType>> types_;
  std::span<const Tensor* const> constants_;
};

/// One operator. Immutable; the table of all of them is operators().
struct Operator {
  std::string_view name;  ///< "Conv"
  Arity inputs;
  Arity outputs;
  /// Checks attributes and inputs; returns the types of all outputs the operator could give (the
  /// caller drops those that the node leaves out). Throws Error(InvalidModel) "got X, expected Y"
  /// or Error(Unsupported), without naming the node: infer_types() does.
  std::vector<TensorType> (*infer)(const InferContext& context);
};

/// All operators, sorted by name.
[[nodiscard]] std::span<const Operator> operators();

/// The operator of that name, or nullptr.
[[nodiscard]] const Operator* find_operator(std::string_view name);

/// The types of the outputs of `id`, one per entry of its outputs.
/// `constants` as in InferContext. Checks arity, then asks the operator.
/// Throws Error(InvalidModel | Unsupported) that names the node: "node 'N' (Op): got X, expected
/// Y".
[[nodiscard]] std::vector<TensorType> infer_types(const Graph& graph,
                                                  NodeId id,
                                                  std::span<const std::optional<TensorType>> types,
                                                  std::span<const Tensor* const> constants);

/// Sets the types of all values of `graph`, node by node, from its inputs and constants. What
/// depends on values that only running would give is refused (passes/specialize.h folds first).
/// Throws as above.
void infer_types(Graph& graph);

}  // namespace mtmi::ops
