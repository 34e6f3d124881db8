// A loaded engine of the template backend.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "mtmi/device/device.h"
#include "mtmi/device/engine_file.h"

namespace mtmi::null {

/// Copies, for every output, the input that it is the identity of.
class NullExecutable final : public Executable {
 public:
  /// Throws Error(InvalidModel) for an engine that holds more than identities.
  explicit NullExecutable(Engine engine);

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept override {
    return engine_.inputs;
  }

  [[nodiscard]] std::span<const TensorDesc> outputs() const noexcept override {
    return engine_.outputs;
  }

  /// Intermediates and workspace are allocated once, here, never in a run; this one needs none.
  [[nodiscard]] std::size_t scratch_bytes() const noexcept override { return 0; }

  [[nodiscard]] std::unique_ptr<Invocation> bind(std::span<Buffer* const> inputs,
                                                 std::span<Buffer* const> outputs) override;

  /// There are no intermediates.
  void set_observer(IntermediateObserver /*observer*/) override {}

 private:
  Engine engine_;
  std::vector<std::size_t> source_of_;  // by output: the input that it copies
};

}  // namespace mtmi::null
