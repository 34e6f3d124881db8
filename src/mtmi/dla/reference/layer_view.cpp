#include "mtmi/dla/reference/layer_view.h"

#include <algorithm>

#include "mtmi/core/assert.h"

namespace mtmi::dla::reference {

std::optional<NodeId> LayerView::behind(std::string_view op) const {
  const auto found = std::find_if(layer_.nodes.begin() + 1, layer_.nodes.end(), [&](NodeId id) {
    return graph_.node(id).op == op;
  });
  return found == layer_.nodes.end() ? std::nullopt : std::optional(*found);
}

bool LayerView::has_input(std::size_t index) const {
  return index < node().inputs.size() && node().inputs[index] != kNoValue;
}

const Tensor* LayerView::constant(std::size_t index) const {
  if (!has_input(index)) {
    return nullptr;
  }
  const auto& constant = graph_.value(node().inputs[index]).constant;
  return constant ? &*constant : nullptr;
}

const Tensor& LayerView::value(ValueId id) const {
  const auto it = values_.find(graph_.value(id).name);
  MTMI_ASSERT(it != values_.end());
  return it->second;
}

Integers LayerView::input(std::size_t index) const {
  const ValueId id = node().inputs[index];
  const Tensor& tensor = value(id);
  const auto data = tensor.data<std::int8_t>();
  return {.shape = tensor.shape(), .n = {data.begin(), data.end()}, .scale = plan_.scale(id)};
}

std::optional<float> LayerView::scale(ValueId id) const {
  return plan_.is_int8(id) ? std::optional(plan_.scale(id)) : std::nullopt;
}

std::optional<float> LayerView::output_scale(std::size_t index) const {
  return scale(layer_.outputs[index]);
}

Shape LayerView::output_shape(std::size_t index) const {
  return graph_.type(layer_.outputs[index]).shape;
}

float LayerView::common_scale() const {
  float scale = 0.0F;
  for (const ValueId input : layer_.inputs) {
    scale = std::max(scale, plan_.scale(input));
  }
  return scale;
}

Integers LayerView::rescaled(Integers integers, float scale) const {
  if (integers.scale == scale) {
    return integers;
  }
  const auto m =
      static_cast<float>(static_cast<double>(integers.scale) / static_cast<double>(scale));
  for (std::int64_t& n : integers.n) {
    n = requantize(n, m, rounding_);
  }
  integers.scale = scale;
  return integers;
}

}  // namespace mtmi::dla::reference
