// A loaded engine that runs step by step on the host.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mtmi/backends/common_host/step.h"
#include "mtmi/core/arena.h"
#include "mtmi/device/device.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_stream.h"

namespace mtmi::host {

/// Steps in order, one arena, and scratch for each thread of the pool.
class HostExecutable final : public Executable {
 public:
  /// What makes the step of a node; called while the executable is made, for all nodes but views.
  using MakeStep = std::function<std::unique_ptr<Step>(const Graph& graph, NodeId id)>;

  /// Throws Error(InvalidModel | OutOfMemory), and what `make_step` throws.
  HostExecutable(Engine engine, const MakeStep& make_step, std::shared_ptr<const void> owner);

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept override {
    return engine_.inputs;
  }

  [[nodiscard]] std::span<const TensorDesc> outputs() const noexcept override {
    return engine_.outputs;
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return arena_.size_bytes() + shared_.size_bytes() + scratch_memory_.size_bytes();
  }

  [[nodiscard]] std::unique_ptr<Invocation> bind(std::span<Buffer* const> inputs,
                                                 std::span<Buffer* const> outputs) override;

  void set_observer(IntermediateObserver observer) override { observer_ = std::move(observer); }

  /// Called after every step with what it was and how long it took; for profiles.
  using StepTimer = std::function<void(const Node& node, std::int64_t duration_ns)>;

  void set_step_timer(StepTimer timer) { step_timer_ = std::move(timer); }

 private:
  friend class HostExecutableInvocation;

  struct PlannedStep {
    NodeId node;
    std::unique_ptr<Step> step;
    std::vector<ValueId> observed;  // outputs that an observer is given
  };

  void make_steps(const MakeStep& make_step);
  void run(std::span<std::byte* const> data);
  void observe(const PlannedStep& planned, std::span<std::byte* const> data) const;

  Engine engine_;
  std::shared_ptr<const void> owner_;
  std::vector<PlannedStep> steps_;
  std::vector<std::byte*> fixed_;  // by ValueId: arena and constants; nullptr where bind() fills in
  Arena arena_;
  Arena shared_;
  Arena scratch_memory_;
  std::unique_ptr<ScratchSlots> scratch_;
  IntermediateObserver observer_;
  StepTimer step_timer_;
};

}  // namespace mtmi::host
