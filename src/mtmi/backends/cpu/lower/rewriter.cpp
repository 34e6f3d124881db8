#include "mtmi/backends/cpu/lower/rewriter.h"

#include "mtmi/backends/common_host/storage.h"

namespace mtmi::cpu {

std::optional<Tensor> Rewriter::constant(std::size_t index) const {
  const ValueId id = input(index);
  return id == kNoValue ? std::nullopt : graph_.value(id).constant;
}

ValueId Rewriter::emit(std::string op,
                       std::vector<ValueId> inputs,
                       TensorType type,
                       Attributes attributes) {
  const ValueId output =
      graph_.add_value(graph_.value(node().outputs[0]).name + "/cpu", std::move(type));
  graph_.insert_node(at_,
                     {.name = node().name,
                      .op = std::move(op),
                      .inputs = std::move(inputs),
                      .outputs = {output},
                      .attributes = std::move(attributes)});
  return output;
}

ValueId Rewriter::transpose(ValueId x, const std::vector<std::int64_t>& perm) {
  return emit("Transpose", {x}, {dtype(x), permuted(shape(x), perm)}, {{"perm", perm}});
}

ValueId Rewriter::view(ValueId x, Shape new_shape) {
  return emit(std::string(host::kViewOp), {x}, {dtype(x), std::move(new_shape)});
}

ValueId Rewriter::add_constant(std::string_view role, Tensor tensor) {
  const std::string name = graph_.value(node().outputs[0]).name + "/" + std::string(role);
  return graph_.add_constant(name, std::move(tensor));
}

void Rewriter::finish(ValueId value) {
  const ValueId old = node().outputs[0];
  graph_.erase_node(at_);
  graph_.replace_value(old, value);
}

Shape permuted(const Shape& shape, const std::vector<std::int64_t>& perm) {
  std::vector<std::int64_t> extents;
  for (const std::int64_t axis : perm) {
    extents.push_back(shape.extents()[static_cast<std::size_t>(axis)]);
  }
  return Shape(std::move(extents));
}

std::vector<std::int64_t> inverse(const std::vector<std::int64_t>& perm) {
  std::vector<std::int64_t> result(perm.size());
  for (std::size_t i = 0; i < perm.size(); ++i) {
    result[static_cast<std::size_t>(perm[i])] = static_cast<std::int64_t>(i);
  }
  return result;
}

}  // namespace mtmi::cpu
