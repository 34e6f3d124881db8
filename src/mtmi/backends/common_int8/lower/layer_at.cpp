#include "mtmi/backends/common_int8/lower/layer_at.h"

#include <algorithm>

namespace mtmi::int8 {

const Tensor* LayerAt::constant(std::size_t index) const {
  if (!has_input(index)) {
    return nullptr;
  }
  const auto& constant = graph.value(node().inputs[index]).constant;
  return constant ? &*constant : nullptr;
}

std::optional<NodeId> LayerAt::batch_normalization() const {
  const auto found = std::find_if(layer.nodes.begin() + 1, layer.nodes.end(), [this](NodeId id) {
    return graph.node(id).op == "BatchNormalization";
  });
  return found == layer.nodes.end() ? std::nullopt : std::optional(*found);
}

Exit LayerAt::exit() const {
  const Node& last = graph.node(layer.nodes.back());
  const auto bound = [&](std::size_t index) -> std::optional<float> {
    if (index >= last.inputs.size() || last.inputs[index] == kNoValue) {
      return std::nullopt;
    }
    return dla::floats_of(*graph.value(last.inputs[index]).constant).front();
  };
  if (last.op == "Relu") {
    return {.slopes = {}, .least = 0.0F, .most = {}};
  }
  if (last.op == "Clip") {
    return {.slopes = {}, .least = bound(1), .most = bound(2)};
  }
  if (last.op == "LeakyRelu") {
    return {.slopes = {last.attributes.get_float("alpha", 0.01F)}, .least = {}, .most = {}};
  }
  if (last.op == "PRelu") {
    return {.slopes = *dla::broadcast_constant(*graph.value(last.inputs[1]).constant,
                                               graph.type(output()).shape),
            .least = {},
            .most = {}};
  }
  return {};
}

dla::Affine scaling_of(const LayerAt& at) {
  const std::string& op = at.node().op;
  if (op == "BatchNormalization") {
    return dla::affine_of(at.graph, at.id());
  }
  const bool first = at.constant(0) != nullptr;
  const std::vector<float> values =
      *dla::broadcast_constant(*at.constant(first ? 0 : 1), at.graph.type(at.output()).shape);
  dla::Affine affine{.factor = std::vector<float>(values.size(), 1.0F),
                     .shift = std::vector<float>(values.size(), 0.0F)};
  if (op == "Mul") {
    affine.factor = values;
  } else if (op == "Div") {
    std::transform(
        values.begin(), values.end(), affine.factor.begin(), [](float x) { return 1.0F / x; });
  } else if (op == "Sub" && first) {
    affine.factor.assign(values.size(), -1.0F);
    affine.shift = values;
  } else {
    const float sign = op == "Sub" ? -1.0F : 1.0F;
    std::transform(
        values.begin(), values.end(), affine.shift.begin(), [sign](float x) { return sign * x; });
  }
  return affine;
}

}  // namespace mtmi::int8
