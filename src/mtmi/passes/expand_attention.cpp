#include "mtmi/passes/expand_attention.h"

#include "mtmi/core/half.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "expand_attention";

Tensor scalar_of(DType dtype, float value) {
  switch (dtype) {
    case DType::Float64:
      return Tensor::from<double>(Shape{}, {static_cast<double>(value)});
    case DType::Float16:
      return Tensor::from<Float16>(Shape{}, {to_float16(value)});
    case DType::BFloat16:
      return Tensor::from<BFloat16>(Shape{}, {to_bfloat16(value)});
    default:
      return Tensor::from<float>(Shape{}, {value});
  }
}

void expand(Graph& graph, NodeId id) {
  const Node node = graph.node(id);
  const std::string result = graph.value(node.outputs[0]).name;
  const auto name_of = [&result](const char* part) {
    return derived_name(result + "/" + part, kName);
  };
  ValueId q = node.inputs[0];
  const float scale = node.attributes.get_float("scale", 1.0F);
  if (scale != 1.0F) {
    const ValueId factor =
        graph.add_constant(name_of("scale"), scalar_of(*graph.value(q).dtype, scale));
    q = insert_before(graph, id, name_of("q"), "Mul", {q, factor}, {});
  }
  const Attributes swapped{{"perm", std::vector<std::int64_t>{0, 1, 3, 2}}};
  const ValueId k = insert_before(graph, id, name_of("k"), "Transpose", {node.inputs[1]}, swapped);
  const ValueId scores = insert_before(graph, id, name_of("scores"), "MatMul", {q, k}, {});
  const ValueId weights = insert_before(graph, id, name_of("weights"), "Softmax", {scores}, {});
  replace_node(graph, id, "MatMul", {weights, node.inputs[2]}, {});
}

}  // namespace

Graph expand_attention(Graph graph) {
  for_each_node(graph, "Attention", expand);
  return graph;
}

}  // namespace mtmi::passes
