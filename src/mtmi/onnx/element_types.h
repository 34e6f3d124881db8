// The element type of every value, as far as the operators alone tell it. Private to onnx/.
//
// Some attributes of old opsets became inputs of the type of the data. Full inference stands above
// this module and wants the graph upgraded; element types need neither shapes nor values.
#pragma once

#include <optional>
#include <unordered_map>

#include "mtmi/graph/graph.h"

namespace mtmi::onnx {

/// Element types by value, of the graph as it was when this was made.
class ElementTypes {
 public:
  explicit ElementTypes(const Graph& graph);

  /// Nothing where an operator is not known or an attribute is damaged.
  [[nodiscard]] std::optional<DType> of(ValueId id) const;

 private:
  [[nodiscard]] std::optional<DType> output_type(const Node& node, std::size_t index) const;

  const Graph& graph_;
  std::unordered_map<ValueId, DType> types_;
};

}  // namespace mtmi::onnx
