#include "mtmi/graph/random_inputs.h"

#include "mtmi/core/random_tensor.h"

namespace mtmi {

TensorMap random_inputs(const Graph& graph, std::uint64_t seed) {
  TensorMap inputs;
  for (const ValueId id : graph.inputs()) {
    const TensorType type = graph.type(id);
    inputs.emplace(graph.value(id).name, random_tensor(type.dtype, type.shape, seed++));
  }
  return inputs;
}

}  // namespace mtmi
