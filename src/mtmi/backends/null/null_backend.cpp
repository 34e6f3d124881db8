#include "mtmi/backends/null/null_backend.h"

#include "mtmi/backends/null/null_device.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

/// The one rule that this device has. Yours are named after what they say: "dla.resize.factor".
Support support_of(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.op != "Identity") {
    return Support::no("null.operator",
                       describe_node(graph, id) + ": got operator " + node.op +
                           ", expected Identity, the only one that this device runs");
  }
  if (graph.is_constant(node.inputs[0])) {
    return Support::no("null.constant",
                       describe_node(graph, id) + ": its input is a constant, expected a tensor",
                       "fold constants with `mtmi simplify`");
  }
  return Support::yes();
}

/// What the caller may fix about an input or output; the rest stays as the graph has it.
TensorDesc desc_of(const Graph& graph, ValueId id, const CompileOptions& options) {
  const TensorType type = graph.type(id);
  const std::string& name = graph.value(id).name;
  const auto io = options.io.find(name);
  if (io != options.io.end() &&
      (io->second.dtype != type.dtype || io->second.layout != Layout::Linear)) {
    throw Error(ErrorCode::Unsupported,
                "null::compile",
                "'" + name + "': got another format than the graph's, expected none or " +
                    std::string(to_string(type.dtype)) + ":linear");
  }
  return {.name = name, .dtype = type.dtype, .shape = type.shape, .layout = Layout::Linear};
}

class NullBackend final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "null"; }

  /// What can be compiled for. Needs no hardware: the name alone decides.
  [[nodiscard]] std::vector<Capability> capabilities() const override {
    return {{.name = "null", .description = "copies inputs to outputs"}};
  }

  /// Never throws: a "no" is an answer, and the planner asks the next device.
  [[nodiscard]] std::vector<Support> support(const Graph& graph,
                                             const Capability& /*capability*/,
                                             const CompileOptions& /*options*/) const override {
    std::vector<Support> answers;
    for (const NodeId id : graph.order()) {
      answers.push_back(support_of(graph, id));
    }
    return answers;
  }

  /// No cost model. One that is wrong is worse than none.
  [[nodiscard]] std::vector<NodeEstimate> estimate(
      const Graph& /*graph*/,
      const Capability& /*capability*/,
      const CompileOptions& /*options*/) const override {
    return {};
  }

  /// All thinking happens here; what it finds out goes into the engine. A pure function.
  [[nodiscard]] std::vector<std::byte> compile(const Graph& graph,
                                               const Capability& capability,
                                               const CompileOptions& options) const override {
    for (const NodeId id : graph.order()) {
      if (const Support answer = support_of(graph, id); !answer) {
        throw Error(ErrorCode::Unsupported, "null::compile", answer.reason());
      }
    }
    Engine engine;
    engine.backend = name();
    engine.capability = capability.name;
    engine.content_hash = content_hash(name(), graph, capability, options);
    engine.graph = graph;
    for (const ValueId id : graph.inputs()) {
      engine.inputs.push_back(desc_of(graph, id, options));
    }
    for (const ValueId id : graph.outputs()) {
      engine.outputs.push_back(desc_of(graph, id, options));
    }
    return write_engine(engine);
  }

  /// How many this machine has: ask the driver.
  [[nodiscard]] int device_count() const override { return 1; }

  [[nodiscard]] std::unique_ptr<Device> open(int index) const override {
    if (index != 0) {
      throw Error(ErrorCode::InvalidArgument,
                  "null::open",
                  "got device null:" + std::to_string(index) + ", expected null:0");
    }
    return std::make_unique<null::NullDevice>();
  }
};

}  // namespace

std::unique_ptr<Backend> make_null_backend() {
  return std::make_unique<NullBackend>();
}

}  // namespace mtmi
