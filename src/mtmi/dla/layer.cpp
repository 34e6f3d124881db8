#include "mtmi/dla/layer.h"

#include <fmt/core.h>

#include "mtmi/core/assert.h"

namespace mtmi::dla {

Layer::Layer(const Graph& graph, NodeId id, const CheckOptions& options)
    : graph_(graph), node_(graph.node(id)), options_(options) {
  for (const ValueId input : node_.inputs) {
    if (input == kNoValue) {
      types_.emplace_back();
      constants_.push_back(nullptr);
      continue;
    }
    types_.emplace_back(graph.type(input));
    const std::optional<Tensor>& constant = graph.value(input).constant;
    constants_.push_back(constant ? &*constant : nullptr);
  }
  context_.emplace(node_, types_, constants_);
}

bool Layer::has_input(std::size_t index) const {
  return index < types_.size() && types_[index].has_value();
}

const Shape& Layer::src(std::size_t index) const {
  MTMI_ASSERT(has_input(index));
  return types_[index]->shape;
}

Shape Layer::dst() const {
  return graph_.type(node_.outputs.front()).shape;
}

const Tensor* Layer::constant(std::size_t index) const {
  return index < constants_.size() ? constants_[index] : nullptr;
}

std::string outside(const std::string& what, std::int64_t got, Limits limits) {
  return limits.min == limits.max
             ? fmt::format("{}: got {}, expected {}", what, got, limits.min)
             : fmt::format("{}: got {}, expected {} to {}", what, got, limits.min, limits.max);
}

}  // namespace mtmi::dla
