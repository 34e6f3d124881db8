#include "mtmi/device/exchanged_tensor.h"

namespace mtmi {

TensorDesc exchanged_tensor(const Graph& graph, ValueId id, const CompileOptions& options) {
  const TensorType type = graph.type(id);
  TensorDesc desc{.name = graph.value(id).name, .dtype = type.dtype, .shape = type.shape};
  if (const auto io = options.io.find(desc.name); io != options.io.end()) {
    desc.dtype = io->second.dtype;
    desc.layout = io->second.layout;
    desc.scale = io->second.scale;
  }
  return desc;
}

}  // namespace mtmi
