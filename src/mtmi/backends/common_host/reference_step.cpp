#include "mtmi/backends/common_host/reference_step.h"

#include <cstring>
#include <vector>

#include "mtmi/core/assert.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::host {
namespace {

class ReferenceStep final : public Step {
 public:
  ReferenceStep(const Graph& graph, NodeId id) : graph_(graph), id_(id) {}

  void run(const Frame& frame) const override {
    const Node& node = graph_.node(id_);
    std::vector<Tensor> inputs;
    inputs.reserve(node.inputs.size());
    std::vector<const Tensor*> pointers;
    for (const ValueId input : node.inputs) {
      if (input == kNoValue) {
        pointers.push_back(nullptr);
        continue;
      }
      const TensorType type = graph_.type(input);
      inputs.push_back(Tensor::wrap(type.dtype, type.shape, frame.bytes(input), nullptr));
      pointers.push_back(&inputs.back());
    }
    const std::vector<Tensor> outputs = evaluate(graph_, id_, pointers);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != kNoValue) {
        MTMI_ASSERT(outputs[i].shape() == graph_.type(node.outputs[i]).shape);
        const auto bytes = outputs[i].bytes();
        std::memcpy(frame.bytes(node.outputs[i]), bytes.data(), bytes.size());
      }
    }
  }

 private:
  const Graph& graph_;
  NodeId id_;
};

}  // namespace

std::unique_ptr<Step> make_reference_step(const Graph& graph, NodeId id) {
  return std::make_unique<ReferenceStep>(graph, id);
}

}  // namespace mtmi::host
