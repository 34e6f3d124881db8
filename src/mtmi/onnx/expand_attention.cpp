// Attention(q, k, v) as MatMul, Mul, Softmax and MatMul.
#include "mtmi/onnx/downgrade_rules.h"

namespace mtmi::onnx {
namespace {

/// k [b,h,m,d] as [b,h,d,m]. Where k comes out of a Transpose, the two become one.
ValueId transposed(NodeRewriter& node, ValueId k) {
  std::vector<std::int64_t> perm{0, 1, 3, 2};
  const auto producer = node.graph().producer(k);
  if (producer && node.graph().node(*producer).op == "Transpose") {
    const Node& before = node.graph().node(*producer);
    const std::vector<std::int64_t> first = before.attributes.get_ints("perm");
    if (first.size() == 4) {
      perm = {first[0], first[1], first[3], first[2]};
      k = before.inputs[0];
    }
  }
  if (perm == std::vector<std::int64_t>{0, 1, 2, 3}) {
    return k;
  }
  return node.insert("k_transposed", "Transpose", {k}, {{"perm", perm}});
}

}  // namespace

void expand_attention(NodeRewriter& node) {
  const float scale = node.attributes().get_float("scale", 1.0F);
  const ValueId k = transposed(node, node.input(1));
  ValueId scores = node.insert("scores", "MatMul", {node.input(0), k});
  if (scale != 1.0F) {
    const ValueId factor = node.add_constant("scale", scalar(node.input_type(), scale));
    scores = node.insert("scaled_scores", "Mul", {scores, factor});
  }
  const ValueId weights = node.insert("weights", "Softmax", {scores}, {{"axis", std::int64_t{-1}}});
  node.become("MatMul", {weights, node.input(2)}, {});
}

}  // namespace mtmi::onnx
