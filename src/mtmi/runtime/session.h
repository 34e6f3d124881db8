// One engine on one device, one run at a time: what infer, compare, bench and checks use.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"

namespace mtmi {

/// A loaded engine with buffers of its own. Thread-compatible.
class Session {
 public:
  /// Compiles `graph` for device `index` of `backend` and loads it.
  /// Throws what Backend::compile(), Backend::open() and Device::load() throw.
  Session(const Backend& backend, const Graph& graph, const CompileOptions& options, int index = 0);
  /// Loads an engine on `device`, which must outlive the session. `owner` keeps `engine` alive.
  Session(Device& device, std::span<const std::byte> engine, std::shared_ptr<const void> owner);
  /// The same with a device of its own.
  Session(std::unique_ptr<Device> device,
          std::span<const std::byte> engine,
          std::shared_ptr<const void> owner);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept;
  [[nodiscard]] std::span<const TensorDesc> outputs() const noexcept;

  /// The outputs for `inputs`, row-major, in the engine's types. Converts as write_format() does.
  /// Throws Error(InvalidArgument) if an input is missing or wrong, what the device reports, and
  /// Error(Timeout) when it gives no answer in time.
  [[nodiscard]] TensorMap run(const TensorMap& inputs);

  /// Copies `inputs` into the buffers; run_again() uses them as often as wanted.
  void set_inputs(const TensorMap& inputs);
  /// Runs on what the input buffers hold; returns when the work ran on the device. Throws as run().
  Timing run_again();
  /// What the output buffers hold.
  [[nodiscard]] TensorMap get_outputs() const;

  /// As Executable::set_observer().
  void set_observer(IntermediateObserver observer);

  /// Working memory of the executable and all buffers [bytes].
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  /// How long run_again() waits for the device; default 10 minutes.
  void set_timeout(std::chrono::nanoseconds timeout) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtmi
