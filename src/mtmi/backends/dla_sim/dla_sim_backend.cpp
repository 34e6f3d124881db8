#include "mtmi/backends/dla_sim/dla_sim_backend.h"

#include "mtmi/backends/common_int8/compile.h"
#include "mtmi/backends/dla_sim/capability.h"
#include "mtmi/backends/dla_sim/dla_sim_device.h"
#include "mtmi/backends/dla_sim/predicted_time.h"
#include "mtmi/dla/cost.h"
#include "mtmi/error.h"

namespace mtmi {
namespace dla_sim {
namespace {

constexpr int kCores = 2;

bool is_half_or_int8(Precision precision) {
  return precision == Precision::Int8 || precision == Precision::Float16;
}

class DlaSimBackend final : public Backend {
 public:
  explicit DlaSimBackend(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "dla_sim"; }

  [[nodiscard]] std::vector<Capability> capabilities() const override {
    return dla_sim::capabilities();
  }

  /// dla::check(): exactly what it accepts.
  [[nodiscard]] std::vector<Support> support(const Graph& graph,
                                             const Capability& capability,
                                             const CompileOptions& options) const override {
    if (!is_half_or_int8(options.precision)) {
      return {graph.order().size(),
              Support::no("dla.precision",
                          "got precision " + std::string(to_string(options.precision)) +
                              ", expected int8 or f16",
                          "build it with --precision int8")};
    }
    return dla::check(graph, rules_of(capability.name, options.precision));
  }

  [[nodiscard]] std::vector<NodeEstimate> estimate(const Graph& graph,
                                                   const Capability& capability,
                                                   const CompileOptions& options) const override {
    (void)rules_of(capability.name, options.precision);
    return estimate_nodes(graph, options);
  }

  [[nodiscard]] std::vector<std::byte> compile(const Graph& graph,
                                               const Capability& capability,
                                               const CompileOptions& options) const override {
    const std::vector<Support> answers = support(graph, capability, options);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i]) {
        throw Error(ErrorCode::Unsupported,
                    "dla_sim::compile",
                    describe_node(graph, graph.order()[i]) + ": " + answers[i].reason());
      }
    }
    Engine engine = int8::compile(graph, options, dla::Rounding::HalfAway);
    engine.backend = name();
    engine.capability = capability.name;
    engine.content_hash = content_hash(name(), graph, capability, options);
    engine.blob = write_predicted_time(predict_time(graph, options));
    return write_engine(engine);
  }

  [[nodiscard]] int device_count() const override { return kCores; }

  [[nodiscard]] std::unique_ptr<Device> open(int index) const override {
    return open_with(index, {});
  }

  [[nodiscard]] std::unique_ptr<Device> open_with(int index,
                                                  const DeviceOptions& options) const override {
    if (index < 0 || index >= kCores) {
      throw Error(
          ErrorCode::InvalidArgument,
          "dla_sim::open",
          "got device dla_sim:" + std::to_string(index) + ", expected dla_sim:0 or dla_sim:1");
    }
    return std::make_unique<DlaSimDevice>(index, read_behaviour(options), clock_);
  }

 private:
  const Clock& clock_;
};

}  // namespace
}  // namespace dla_sim

std::unique_ptr<Backend> make_dla_sim_backend(const Clock& clock) {
  return std::make_unique<dla_sim::DlaSimBackend>(clock);
}

}  // namespace mtmi
