#include "mtmi/ops/cost.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

#include "mtmi/ops/data_movement.h"
#include "mtmi/ops/einsum.h"

namespace mtmi::ops {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

/// Of numbers >= 0.
std::int64_t saturating_product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? kLargest : result;
}

std::int64_t saturating_sum(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? kLargest : result;
}

/// The sizes of a node, by position.
class Sizes {
 public:
  Sizes(const Graph& graph, NodeId id) : graph_(graph), node_(graph.node(id)) {}

  [[nodiscard]] Shape input(std::size_t index) const {
    return graph_.type(node_.inputs[index]).shape;
  }

  /// Of all inputs that are not left out.
  [[nodiscard]] std::vector<Shape> inputs() const {
    std::vector<Shape> shapes;
    for (const ValueId id : node_.inputs) {
      if (id != kNoValue) {
        shapes.push_back(graph_.type(id).shape);
      }
    }
    return shapes;
  }

  /// The elements of the first output; 0 if it is left out.
  [[nodiscard]] std::int64_t results() const {
    return node_.outputs[0] == kNoValue ? 0 : graph_.type(node_.outputs[0]).shape.num_elements();
  }

  [[nodiscard]] const Attributes& attributes() const noexcept { return node_.attributes; }

 private:
  const Graph& graph_;
  const Node& node_;
};

/// weights [oc, ic / group, kernel...]: what makes one element of the result lies in one row.
std::int64_t conv_macs(const Sizes& sizes) {
  const Shape weights = sizes.input(1);
  const std::int64_t row = weights.num_elements() / std::max<std::int64_t>(weights[0], 1);
  return saturating_product(sizes.results(), row);
}

/// weights [ic, oc / group, kernel...]: what one element of the source goes into lies in one row.
std::int64_t conv_transpose_macs(const Sizes& sizes) {
  const Shape weights = sizes.input(1);
  const std::int64_t row = weights.num_elements() / std::max<std::int64_t>(weights[0], 1);
  return saturating_product(sizes.input(0).num_elements(), row);
}

/// q [b, h, n, d], k [b, h, m, d], v [b, h, m, dv]
std::int64_t attention_macs(const Sizes& sizes) {
  const std::int64_t keys = sizes.input(1)[-2];
  return saturating_sum(saturating_product(sizes.input(0).num_elements(), keys),
                        saturating_product(sizes.results(), keys));
}

std::int64_t matmul_macs(const Sizes& sizes) {
  return saturating_product(sizes.results(), sizes.input(0)[-1]);
}

std::int64_t gemm_macs(const Sizes& sizes) {
  const bool is_transposed = sizes.attributes().get_int("transA", 0) != 0;
  return saturating_product(sizes.results(), sizes.input(0)[is_transposed ? 0 : 1]);
}

/// One multiplication for each operand but the first, for every combination of the labels.
std::int64_t einsum_macs(const Sizes& sizes) {
  const std::vector<Shape> operands = sizes.inputs();
  const EinsumGeometry geometry =
      einsum_geometry(sizes.attributes().get_string("equation", ""), operands);
  auto macs = static_cast<std::int64_t>(operands.size()) - 1;
  for (const std::int64_t extent : geometry.extents) {
    macs = saturating_product(macs, extent);
  }
  return macs;
}

struct MacRule {
  std::string_view op;
  std::int64_t (*macs)(const Sizes& sizes);
};

constexpr std::array kMacRules{
    MacRule{"Attention", attention_macs},
    MacRule{"Conv", conv_macs},
    MacRule{"ConvTranspose", conv_transpose_macs},
    MacRule{"Einsum", einsum_macs},
    MacRule{"Gemm", gemm_macs},
    MacRule{"MatMul", matmul_macs},
};

bool is_parameter(const Value& value) {
  return value.constant &&
         (is_floating_point(value.constant->dtype()) || size_of(value.constant->dtype()) == 1);
}

std::int64_t bytes_of(const TensorType& type) {
  return type.shape.num_elements() * static_cast<std::int64_t>(size_of(type.dtype));
}

/// What of the node's inputs are parameters, those in `counted` left out and the others added to
/// it.
void add_parameters(const Graph& graph,
                    const Node& node,
                    std::set<ValueId>& counted,
                    NodeCost& cost) {
  for (const ValueId input : node.inputs) {
    if (input == kNoValue || !is_parameter(graph.value(input)) || !counted.insert(input).second) {
      continue;
    }
    const TensorType type = graph.type(input);
    cost.parameters = saturating_sum(cost.parameters, type.shape.num_elements());
    cost.parameter_bytes = saturating_sum(cost.parameter_bytes, bytes_of(type));
  }
}

std::int64_t activation_bytes(const Graph& graph, const Node& node) {
  std::set<ValueId> touched(node.inputs.begin(), node.inputs.end());
  touched.insert(node.outputs.begin(), node.outputs.end());
  touched.erase(kNoValue);
  std::int64_t bytes = 0;
  for (const ValueId id : touched) {
    if (!graph.is_constant(id)) {
      bytes = saturating_sum(bytes, bytes_of(graph.type(id)));
    }
  }
  return bytes;
}

/// All but the parameters.
NodeCost work_of(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Sizes sizes(graph, id);
  NodeCost cost;
  const Movement movement = movement_of(node.op);
  const bool is_view = movement == Movement::View || node.op == "Dropout";
  const auto* const rule = std::find_if(
      kMacRules.begin(), kMacRules.end(), [&node](const MacRule& r) { return r.op == node.op; });
  if (rule != kMacRules.end()) {
    cost.macs = rule->macs(sizes);
  } else if (!is_view && movement == Movement::None) {
    const bool has_source = !node.inputs.empty() && node.inputs[0] != kNoValue;
    cost.element_operations =
        std::max(sizes.results(), has_source ? sizes.input(0).num_elements() : 0);
  }
  cost.activation_bytes = is_view ? 0 : activation_bytes(graph, node);
  return cost;
}

}  // namespace

NodeCost cost_of(const Graph& graph, NodeId id) {
  NodeCost cost = work_of(graph, id);
  std::set<ValueId> counted;
  add_parameters(graph, graph.node(id), counted, cost);
  return cost;
}

NodeCost cost_of(const Graph& graph) {
  NodeCost total;
  std::set<ValueId> counted;
  for (const NodeId id : graph.order()) {
    const NodeCost cost = work_of(graph, id);
    total.macs = saturating_sum(total.macs, cost.macs);
    total.element_operations = saturating_sum(total.element_operations, cost.element_operations);
    total.activation_bytes = saturating_sum(total.activation_bytes, cost.activation_bytes);
    add_parameters(graph, graph.node(id), counted, total);
  }
  return total;
}

}  // namespace mtmi::ops
