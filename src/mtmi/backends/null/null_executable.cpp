#include "mtmi/backends/null/null_executable.h"

#include <algorithm>
#include <cstring>

#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/error.h"

namespace mtmi::null {
namespace {

struct Copy {
  const std::byte* src;
  std::byte* dst;
  std::size_t size_bytes;
};

/// What one run does, with nothing left to look up: a run neither allocates nor decides.
class NullInvocation final : public HostInvocation {
 public:
  explicit NullInvocation(std::vector<Copy> copies) : copies_(std::move(copies)) {}

  void run() override {
    for (const Copy& copy : copies_) {
      std::memcpy(copy.dst, copy.src, copy.size_bytes);
    }
  }

 private:
  std::vector<Copy> copies_;
};

/// The input that `id` is the identity of, by its position among the inputs.
std::size_t find_source(const Graph& graph, ValueId id) {
  while (const auto producer = graph.producer(id)) {
    const Node& node = graph.node(*producer);
    if (node.op != "Identity") {
      throw Error(ErrorCode::InvalidModel,
                  "null::NullExecutable",
                  describe_node(graph, *producer) + ": no Identity, so no engine of this device");
    }
    id = node.inputs[0];
  }
  const auto inputs = graph.inputs();
  const auto found = std::find(inputs.begin(), inputs.end(), id);
  if (found == inputs.end()) {
    throw Error(ErrorCode::InvalidModel,
                "null::NullExecutable",
                "output '" + graph.value(id).name + "' comes from no input");
  }
  return static_cast<std::size_t>(found - inputs.begin());
}

}  // namespace

NullExecutable::NullExecutable(Engine engine) : engine_(std::move(engine)) {
  for (const ValueId output : engine_.graph.outputs()) {
    source_of_.push_back(find_source(engine_.graph, output));
  }
}

std::unique_ptr<Invocation> NullExecutable::bind(std::span<Buffer* const> inputs,
                                                 std::span<Buffer* const> outputs) {
  // Whatever can fail, fails here and not in a run.
  check_host_buffers(engine_.inputs, inputs, "input");
  check_host_buffers(engine_.outputs, outputs, "output");
  std::vector<Copy> copies;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    copies.push_back({.src = inputs[source_of_[i]]->host_data(),
                      .dst = outputs[i]->host_data(),
                      .size_bytes = size_bytes_of(engine_.outputs[i])});
  }
  return std::make_unique<NullInvocation>(std::move(copies));
}

}  // namespace mtmi::null
