#include "mtmi/backends/cpu/cpu_backend.h"

#include "mtmi/backends/common_int8/support.h"
#include "mtmi/backends/cpu/capability.h"
#include "mtmi/backends/cpu/compile.h"
#include "mtmi/backends/cpu/cpu_device.h"
#include "mtmi/backends/cpu/estimate.h"
#include "mtmi/backends/cpu/lower/lower.h"
#include "mtmi/error.h"

namespace mtmi {
namespace cpu {
namespace {

Support float_support(const Graph& graph, NodeId id, Precision precision) {
  const Node& node = graph.node(id);
  if (!can_lower(node.op)) {
    return Support::no("cpu.operator", describe_node(graph, id) + ": the operator is not known");
  }
  if (precision != Precision::Float32 && precision != Precision::BFloat16) {
    return Support::no(
        "cpu.precision",
        "got precision " + std::string(to_string(precision)) + ", expected f32, bf16 or int8",
        "build it with --precision bf16 or f32");
  }
  return Support::yes();
}

/// One answer per node, in the order of the graph.
std::vector<Support> support_of(const Graph& graph, Precision precision) {
  if (precision == Precision::Int8) {
    return int8::support(graph);
  }
  std::vector<Support> answers;
  for (const NodeId id : graph.order()) {
    answers.push_back(float_support(graph, id, precision));
  }
  return answers;
}

/// Throws Error for what cannot be compiled.
Isa checked_isa(const Graph& graph, const Capability& capability, const CompileOptions& options) {
  for (const Support& answer : support_of(graph, options.precision)) {
    if (!answer) {
      throw Error(
          ErrorCode::Unsupported,
          "cpu::compile",
          answer.reason() + (answer.suggestion().empty() ? "" : "; " + answer.suggestion()));
    }
  }
  const std::optional<Isa> isa = isa_of(capability.name);
  if (!isa) {
    throw Error(
        ErrorCode::InvalidArgument,
        "cpu::compile",
        "got capability '" + capability.name + "', expected x86-avx512, x86-avx2 or generic");
  }
  return *isa;
}

class CpuBackend final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "cpu"; }

  [[nodiscard]] std::vector<Capability> capabilities() const override { return all_capabilities(); }

  [[nodiscard]] std::vector<Support> support(const Graph& graph,
                                             const Capability& /*capability*/,
                                             const CompileOptions& options) const override {
    return support_of(graph, options.precision);
  }

  [[nodiscard]] std::vector<NodeEstimate> estimate(
      const Graph& graph,
      const Capability& capability,
      const CompileOptions& /*options*/) const override {
    return estimate_nodes(graph, isa_of(capability.name).value_or(Isa::Generic));
  }

  [[nodiscard]] std::vector<std::byte> compile(const Graph& graph,
                                               const Capability& capability,
                                               const CompileOptions& options) const override {
    Engine engine = cpu::compile(graph, checked_isa(graph, capability, options), options);
    engine.capability = capability.name;
    engine.content_hash = content_hash(name(), graph, capability, options);
    return write_engine(engine);
  }

  [[nodiscard]] std::unique_ptr<Executable> compile_and_load(const Graph& graph,
                                                             const Capability& capability,
                                                             const CompileOptions& options,
                                                             Device& /*device*/) const override {
    const Isa isa = checked_isa(graph, capability, options);
    require_isa(capability.name);
    return make_executable(cpu::compile(graph, isa, options), isa, nullptr);
  }

  [[nodiscard]] int device_count() const override { return 1; }

  [[nodiscard]] std::unique_ptr<Device> open(int index) const override {
    if (index != 0) {
      throw Error(ErrorCode::InvalidArgument,
                  "cpu::open",
                  "got device cpu:" + std::to_string(index) + ", expected cpu:0");
    }
    return std::make_unique<CpuDevice>();
  }
};

}  // namespace
}  // namespace cpu

std::unique_ptr<Backend> make_cpu_backend() {
  return std::make_unique<cpu::CpuBackend>();
}

}  // namespace mtmi
