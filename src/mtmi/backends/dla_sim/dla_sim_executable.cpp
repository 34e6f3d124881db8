#include "mtmi/backends/dla_sim/dla_sim_executable.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "mtmi/backends/common_int8/make_step.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/error.h"

namespace mtmi::dla_sim {
namespace {

using Instant = std::chrono::steady_clock::time_point;

[[noreturn]] void fail(std::int64_t run, const char* how) {
  throw Error(ErrorCode::DeviceFailure,
              "dla_sim::DlaSimExecutable",
              "run " + std::to_string(run) + " was told to " + how);
}

void invert(std::span<std::byte> bytes) {
  std::transform(bytes.begin(), bytes.end(), bytes.begin(), [](std::byte b) { return ~b; });
}

}  // namespace

class DlaSimInvocation final : public HostInvocation {
 public:
  DlaSimInvocation(DlaSimExecutable& executable,
                   std::unique_ptr<Invocation> steps,
                   std::vector<std::span<std::byte>> outputs)
      : executable_(executable), steps_(std::move(steps)), outputs_(std::move(outputs)) {}

  void run() override {
    const Instant begin = std::chrono::steady_clock::now();
    compute();
    std::this_thread::sleep_until(begin + duration(std::chrono::steady_clock::now() - begin));
  }

  [[nodiscard]] Timing run_timed(std::int64_t ready_ns, const Clock& clock) override {
    if (!clock.is_virtual()) {
      return HostInvocation::run_timed(ready_ns, clock);
    }
    compute();
    const std::chrono::nanoseconds computed{0};  // no clock ran
    return {.start_ns = ready_ns, .end_ns = ready_ns + duration(computed).count()};
  }

 private:
  void compute() {
    const Behaviour& behaviour = executable_.behaviour_;
    const std::int64_t run = executable_.runs_++;
    if (run == behaviour.fail_at) {
      fail(run, "fail");
    }
    if (run == behaviour.hang_at) {
      hang();
      fail(run, "hang");
    }
    static_cast<HostInvocation&>(*steps_).run();
    if (run == behaviour.wrong_at) {
      std::for_each(outputs_.begin(), outputs_.end(), invert);
    }
  }

  /// How long a run takes that computes so long.
  [[nodiscard]] std::chrono::nanoseconds duration(std::chrono::nanoseconds computed) const {
    using Span = std::chrono::duration<double, std::nano>;
    const Behaviour& behaviour = executable_.behaviour_;
    const Span taken = behaviour.time == Time::Model ? executable_.predicted_ : computed;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(taken * behaviour.slow_down);
  }

  DlaSimExecutable& executable_;
  std::unique_ptr<Invocation> steps_;
  std::vector<std::span<std::byte>> outputs_;
};

DlaSimExecutable::DlaSimExecutable(Engine engine,
                                   std::chrono::nanoseconds predicted,
                                   const Behaviour& behaviour,
                                   std::shared_ptr<const void> owner)
    : steps_(
          std::move(engine),
          [](const Graph& graph, NodeId id) { return int8::make_step(graph, id, best_int8_isa()); },
          std::move(owner)),
      predicted_(predicted),
      behaviour_(behaviour) {}

std::unique_ptr<Invocation> DlaSimExecutable::bind(std::span<Buffer* const> inputs,
                                                   std::span<Buffer* const> outputs) {
  std::unique_ptr<Invocation> steps = steps_.bind(inputs, outputs);
  std::vector<std::span<std::byte>> results;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    results.emplace_back(outputs[i]->host_data(), size_bytes_of(steps_.outputs()[i]));
  }
  return std::make_unique<DlaSimInvocation>(*this, std::move(steps), std::move(results));
}

}  // namespace mtmi::dla_sim
