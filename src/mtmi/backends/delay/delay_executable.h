// A loaded engine of the delay device.
#pragma once

#include <atomic>
#include <memory>

#include "mtmi/backends/delay/delay_backend.h"
#include "mtmi/backends/delay/delay_spec.h"
#include "mtmi/device/device.h"

namespace mtmi::delay {

class DelayExecutable final : public Executable {
 public:
  DelayExecutable(DelaySpec spec, std::shared_ptr<DelayControl> control);

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept override {
    return spec_.inputs;
  }

  [[nodiscard]] std::span<const TensorDesc> outputs() const noexcept override {
    return spec_.outputs;
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override { return 0; }

  [[nodiscard]] std::unique_ptr<Invocation> bind(std::span<Buffer* const> inputs,
                                                 std::span<Buffer* const> outputs) override;

  /// There are no intermediates.
  void set_observer(IntermediateObserver /*observer*/) override {}

 private:
  friend class DelayInvocation;

  DelaySpec spec_;
  std::shared_ptr<DelayControl> control_;
  std::int64_t runs_ = 0;  // begun so far; one run at a time
};

}  // namespace mtmi::delay
