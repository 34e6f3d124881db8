// A loaded engine of a simulated core.
#pragma once

#include <chrono>
#include <memory>

#include "mtmi/backends/common_host/host_executable.h"
#include "mtmi/backends/dla_sim/behaviour.h"
#include "mtmi/device/device.h"

namespace mtmi::dla_sim {

/// The steps of common_int8, with the time and the faults that the device is told.
class DlaSimExecutable final : public Executable {
 public:
  /// `predicted` is what the model says of one run. Throws Error(InvalidModel | OutOfMemory).
  DlaSimExecutable(Engine engine,
                   std::chrono::nanoseconds predicted,
                   const Behaviour& behaviour,
                   std::shared_ptr<const void> owner);

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept override {
    return steps_.inputs();
  }

  [[nodiscard]] std::span<const TensorDesc> outputs() const noexcept override {
    return steps_.outputs();
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return steps_.scratch_bytes();
  }

  [[nodiscard]] std::unique_ptr<Invocation> bind(std::span<Buffer* const> inputs,
                                                 std::span<Buffer* const> outputs) override;

  void set_observer(IntermediateObserver observer) override {
    steps_.set_observer(std::move(observer));
  }

 private:
  friend class DlaSimInvocation;

  host::HostExecutable steps_;
  std::chrono::nanoseconds predicted_;
  Behaviour behaviour_;
  std::int64_t runs_ = 0;  // begun so far; one run at a time
};

}  // namespace mtmi::dla_sim
