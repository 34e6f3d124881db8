#include "mtmi/backends/delay/delay_backend.h"

#include <atomic>
#include <charconv>
#include <optional>
#include <utility>

#include "mtmi/backends/delay/delay_device.h"
#include "mtmi/backends/delay/delay_spec.h"
#include "mtmi/core/wait_word.h"
#include "mtmi/device/exchanged_tensor.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

// Enough for any test; there is nothing behind an index.
constexpr int kDevices = 64;

/// "delay-10ms" as nanoseconds; nothing for other names.
std::optional<std::int64_t> duration_of(std::string_view capability) {
  constexpr std::string_view kPrefix = "delay-";
  constexpr std::string_view kSuffix = "ms";
  if (!capability.starts_with(kPrefix) || !capability.ends_with(kSuffix)) {
    return std::nullopt;
  }
  const char* begin = capability.data() + kPrefix.size();
  const char* end = capability.data() + capability.size() - kSuffix.size();
  std::int32_t milliseconds = 0;
  const auto [parsed_to, error] = std::from_chars(begin, end, milliseconds);
  if (error != std::errc() || parsed_to != end || milliseconds < 0) {
    return std::nullopt;
  }
  return std::int64_t{1'000'000} * milliseconds;
}

class DelayBackend final : public Backend {
 public:
  DelayBackend(DelayTime time, std::shared_ptr<DelayControl> control)
      : time_(time), control_(std::move(control)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "delay"; }

  [[nodiscard]] std::vector<Capability> capabilities() const override {
    return {{.name = "delay-10ms", .description = "takes 10 ms and computes nothing"}};
  }

  [[nodiscard]] std::vector<Support> support(const Graph& graph,
                                             const Capability& /*capability*/,
                                             const CompileOptions& /*options*/) const override {
    return {graph.order().size(), Support::yes()};
  }

  [[nodiscard]] std::vector<NodeEstimate> estimate(
      const Graph& /*graph*/,
      const Capability& /*capability*/,
      const CompileOptions& /*options*/) const override {
    return {};
  }

  /// Takes "delay-<N>ms" for any N.
  [[nodiscard]] std::vector<std::byte> compile(const Graph& graph,
                                               const Capability& capability,
                                               const CompileOptions& options) const override {
    const std::optional<std::int64_t> duration_ns = duration_of(capability.name);
    if (!duration_ns) {
      throw Error(ErrorCode::InvalidArgument,
                  "delay::compile",
                  "got capability '" + capability.name + "', expected one like delay-10ms");
    }
    DelaySpec spec;
    spec.duration_ns = *duration_ns;
    for (const ValueId id : graph.inputs()) {
      spec.inputs.push_back(exchanged_tensor(graph, id, options));
    }
    for (const ValueId id : graph.outputs()) {
      spec.outputs.push_back(exchanged_tensor(graph, id, options));
    }
    return make_delay_engine(spec);
  }

  [[nodiscard]] int device_count() const override { return kDevices; }

  [[nodiscard]] std::unique_ptr<Device> open(int index) const override {
    if (index < 0 || index >= kDevices) {
      throw Error(ErrorCode::InvalidArgument,
                  "delay::open",
                  "got device delay:" + std::to_string(index) +
                      ", expected delay:0 to delay:" + std::to_string(kDevices - 1));
    }
    return std::make_unique<delay::DelayDevice>(index, time_, control_);
  }

 private:
  DelayTime time_;
  std::shared_ptr<DelayControl> control_;  // shared with the devices and with whoever tests
};

}  // namespace

struct DelayControl::State {
  std::atomic<std::uint32_t> released{0};
};

DelayControl::DelayControl() : state_(std::make_unique<State>()) {}

DelayControl::~DelayControl() = default;

void DelayControl::release() noexcept {
  state_->released = 1;
  wake_all(state_->released);
}

void DelayControl::wait() noexcept {
  while (state_->released == 0) {
    sleep_while(state_->released, 0, kNoLimit);
  }
}

std::unique_ptr<Backend> make_delay_backend(DelayTime time, std::shared_ptr<DelayControl> control) {
  return std::make_unique<DelayBackend>(time, std::move(control));
}

}  // namespace mtmi
