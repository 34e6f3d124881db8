// A value copied as it is: an output that is also an input, a constant or another output.
#include <cstring>

#include "mtmi/backends/cpu/steps/makers.h"

namespace mtmi::cpu {
namespace {

class CopyStep final : public Step {
 public:
  CopyStep(const Graph& graph, const Node& node) : from_(node.inputs[0]), to_(node.outputs[0]) {
    const TensorType type = graph.type(to_);
    size_ = static_cast<std::size_t>(type.shape.num_elements()) * size_of(type.dtype);
  }

  void run(const Frame& frame) const override {
    std::memcpy(frame.bytes(to_), frame.bytes(from_), size_);
  }

 private:
  ValueId from_;
  ValueId to_;
  std::size_t size_;
};

}  // namespace

std::unique_ptr<Step> make_copy_step(const Graph& graph, NodeId id, Isa /*isa*/) {
  return std::make_unique<CopyStep>(graph, graph.node(id));
}

}  // namespace mtmi::cpu
