// Operands of products in bfloat16: docs/numerics.md says which.
#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/backends/cpu/lower/rewriter.h"
#include "mtmi/core/half.h"

namespace mtmi::cpu {
namespace {

// Numbers of ONNX's TensorProto::DataType.
constexpr std::int64_t kOnnxFloat = 1;
constexpr std::int64_t kOnnxBFloat16 = 16;

Tensor rounded(const Tensor& tensor) {
  Tensor result(DType::BFloat16, tensor.shape());
  const auto from = tensor.data<float>();
  std::transform(from.begin(), from.end(), result.data<BFloat16>().begin(), to_bfloat16);
  return result;
}

/// An input as floats that are bfloat16 in value.
ValueId round_input(Rewriter& r, std::size_t index) {
  const TensorType wide{DType::Float32, r.shape(r.input(index))};
  const auto constant = r.constant(index);
  const ValueId narrow =
      constant
          ? r.add_constant("bf16", rounded(*constant))
          : r.emit(
                "Cast", {r.input(index)}, {DType::BFloat16, wide.shape}, {{"to", kOnnxBFloat16}});
  return r.emit("Cast", {narrow}, wide, {{"to", kOnnxFloat}});
}

/// How many inputs are operands of the product; what follows is added to it.
std::size_t num_operands(const Node& node) {
  constexpr std::array<std::string_view, 4> kOfTwo{"Conv", "ConvTranspose", "MatMul", "Gemm"};
  if (std::find(kOfTwo.begin(), kOfTwo.end(), node.op) != kOfTwo.end()) {
    return 2;
  }
  return node.op == "Einsum" && node.inputs.size() > 1 ? node.inputs.size() : 0;
}

void round_operands(Graph& graph, NodeId id) {
  const std::size_t count = num_operands(graph.node(id));
  for (std::size_t i = 0; i < count; ++i) {
    Rewriter r(graph, id);
    if (r.dtype(r.input(i)) == DType::Float32) {
      const ValueId value = round_input(r, i);
      graph.set_input(id, i, value);
    }
  }
}

}  // namespace

void round_products(Graph& graph) {
  constexpr std::array<std::string_view, 4> kOwn{
      "cpu.Conv", "cpu.Linear", "cpu.MatMul", "cpu.Attention"};
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (std::find(kOwn.begin(), kOwn.end(), graph.node(id).op) != kOwn.end()) {
      Attributes attributes = graph.node(id).attributes;
      attributes.set("bf16", std::int64_t{1});
      graph.set_attributes(id, std::move(attributes));
    } else {
      round_operands(graph, id);
    }
  }
}

}  // namespace mtmi::cpu
