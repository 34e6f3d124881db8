// What a backend gives the runtime: devices, buffers, streams and executables.
//
// describe -> prepare -> run: load() and bind() do all that may fail or allocate; enqueue() only
// submits. A new backend starts as a copy of backends/null/.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mtmi/device/event.h"
#include "mtmi/device/layout.h"
#include "mtmi/tensor.h"

namespace mtmi {

/// Where a buffer lies. A device lists the kinds that it can read and write in place.
enum class MemoryKind : std::uint8_t { Host, CudaPinned, CudaDevice, CudlaRegistered };

/// "host", "cuda_pinned", "cuda_device", "cudla_registered".
[[nodiscard]] std::string_view to_string(MemoryKind kind) noexcept;

/// A piece of memory on a device, owned by the caller of Device::allocate(). Move by pointer only.
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  virtual ~Buffer() = default;

  [[nodiscard]] virtual std::size_t size_bytes() const noexcept = 0;
  [[nodiscard]] virtual MemoryKind kind() const noexcept = 0;
  /// The bytes as the host sees them; nullptr where it cannot.
  [[nodiscard]] virtual std::byte* host_data() noexcept = 0;
};

/// An Executable together with the buffers of one frame slot. Owns neither. One of an Executable's
/// Invocations runs at a time: enqueue them on one stream, or order them by events.
class Invocation {
 public:
  Invocation() = default;
  Invocation(const Invocation&) = delete;
  Invocation& operator=(const Invocation&) = delete;
  virtual ~Invocation() = default;
};

/// Called with an intermediate as it is made, dequantised if it was quantised, and row-major unless
/// CompileOptions::observe_any_order. The tensor is a view that dies with the call: clone() it to
/// keep it.
using IntermediateObserver = std::function<void(std::string_view value_name, const Tensor& tensor)>;

/// A loaded engine. Thread-compatible. Must outlive its Invocations, and die before its Device.
class Executable {
 public:
  Executable() = default;
  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;
  virtual ~Executable() = default;

  [[nodiscard]] virtual std::span<const TensorDesc> inputs() const noexcept = 0;
  [[nodiscard]] virtual std::span<const TensorDesc> outputs() const noexcept = 0;
  /// Working memory that it holds beside buffers and weights [bytes].
  [[nodiscard]] virtual std::size_t scratch_bytes() const noexcept = 0;

  /// Ties buffers to inputs and outputs, in their order. They must be large enough, aligned to 64
  /// bytes, of a kind that the device accepts, and outlive the Invocation.
  /// Throws Error(InvalidArgument | OutOfMemory | DeviceFailure).
  [[nodiscard]] virtual std::unique_ptr<Invocation> bind(std::span<Buffer* const> inputs,
                                                         std::span<Buffer* const> outputs) = 0;

  /// Hands the intermediates named in the engine's CompileOptions::observe to `observer` on every
  /// run from now on; an empty function stops it. Not while anything of it is enqueued.
  virtual void set_observer(IntermediateObserver observer) = 0;
};

/// An ordered queue of work on one device. One thread enqueues at a time.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  /// Waits for what is enqueued, as long as the device makes progress.
  virtual ~Stream() = default;

  /// Runs `invocation` when everything enqueued before and every event of `waits` is done, then
  /// signals `signal`. If an awaited event carries an error, the work is skipped and `signal`
  /// carries that error on. Neither allocates nor blocks, unless the stream is full (kMaxEnqueued).
  /// `invocation`, `waits`' events and `signal` must live until `signal` is signalled.
  virtual void enqueue(Invocation& invocation, std::span<Event* const> waits, Event& signal) = 0;

  /// Lets everything enqueued that has not begun end at once with Error(DeviceFailure); what runs
  /// is left alone. For work that waits for a device which no longer answers. A stream that cannot
  /// take work back does nothing. Thread-safe.
  virtual void give_up() noexcept = 0;

  /// Work that may be under way in one stream before enqueue() blocks.
  static constexpr std::size_t kMaxEnqueued = 64;
  /// Events that one piece of work may wait for.
  static constexpr std::size_t kMaxWaits = 16;
};

/// What Device::health() found.
struct Health {
  bool ok = true;
  std::string message;  ///< why not
};

/// One execution unit, e.g. DLA core 1. Thread-safe. Outlives everything it made.
class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  /// Stable and lower-case: "<backend>:<index>", e.g. "dla_sim:1".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// The kinds of memory it reads and writes in place, the preferred one first.
  [[nodiscard]] virtual std::span<const MemoryKind> memory_kinds() const noexcept = 0;
  [[nodiscard]] virtual const Clock& clock() const noexcept = 0;

  /// Takes an engine made by this device's backend. `owner` keeps `engine` alive; weights are used
  /// in place. Throws Error(InvalidModel) for a damaged or foreign engine, Error(Unsupported) for
  /// one that needs what this device lacks, Error(OutOfMemory).
  [[nodiscard]] virtual std::unique_ptr<Executable> load(std::span<const std::byte> engine,
                                                         std::shared_ptr<const void> owner) = 0;
  /// Memory of the preferred kind, aligned to at least 64 bytes. Throws Error(OutOfMemory).
  [[nodiscard]] virtual std::unique_ptr<Buffer> allocate(std::size_t size_bytes) = 0;
  [[nodiscard]] virtual std::unique_ptr<Stream> make_stream() = 0;
  [[nodiscard]] virtual std::unique_ptr<Event> make_event() = 0;
  [[nodiscard]] virtual Health health() = 0;
};

}  // namespace mtmi
