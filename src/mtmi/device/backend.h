// A backend: what it can run, what that would cost, how it is compiled, and its devices.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/device/device.h"
#include "mtmi/device/support.h"
#include "mtmi/graph/graph.h"

namespace mtmi {

/// The arithmetic a part is compiled for.
enum class Precision : std::uint8_t { Float32, BFloat16, Float16, Int8 };

/// "f32", "bf16", "f16", "int8".
[[nodiscard]] std::string_view to_string(Precision precision) noexcept;
[[nodiscard]] std::optional<Precision> parse_precision(std::string_view name) noexcept;

/// A kind of hardware to compile for: found on this machine or only named ("orin-dla@trt8.6.11").
struct Capability {
  std::string name;         ///< stable, goes into engines: "x86-avx512", "x86-avx2", "sm_90"
  std::string description;  ///< for `mtmi devices`
  bool operator==(const Capability&) const = default;
};

/// How a real number becomes an integer: q = clamp(round(x / scale), -128, 127).
enum class Rounding : std::uint8_t {
  HalfEven,    ///< to the nearest, halves to even: what ONNX says and GPUs do
  TowardZero,  ///< the fraction is cut off: about 6 dB more noise, for comparisons
};

/// "even", "truncate".
[[nodiscard]] std::string_view to_string(Rounding rounding) noexcept;
[[nodiscard]] std::optional<Rounding> parse_rounding(std::string_view name) noexcept;

/// How one input or output of a part is to lie in memory.
struct IoFormat {
  DType dtype = DType::Float32;
  Layout layout = Layout::Linear;
  float scale = 0.0F;                      ///< Int8 only [1]
  Rounding rounding = Rounding::HalfEven;  ///< Int8 outputs of float32 parts only
  bool operator==(const IoFormat&) const = default;
};

struct CompileOptions {
  Precision precision = Precision::Float32;
  std::map<std::string, IoFormat> io;   ///< by value name; others keep the graph's type, linear
  std::map<std::string, float> scales;  ///< Int8: real value of one step, by value name [1]
  std::vector<std::string> observe;     ///< intermediates that must exist to be observed
  /// Observed elements may come in any order, under the right shape: for those who only count them,
  /// and need not wait until they are transposed.
  bool observe_any_order = false;
  /// false: every node by itself, nothing fused or rewritten: what checks are run against.
  bool optimize = true;
};

/// Predicted cost of one node.
struct NodeEstimate {
  NodeId node{};
  double time_us = 0.0;
  std::int64_t bytes = 0;  ///< read and written in memory outside the device's caches
};

/// Settings of one device by name, as a target file gives them: "time" -> "model".
using DeviceOptions = std::map<std::string, std::string>;

/// One per folder under backends/. Stateless, thread-safe; needs no hardware but for open().
class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  /// "cpu", "dla_sim", ...
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// What this machine has, the best first; then what it can only compile for.
  [[nodiscard]] virtual std::vector<Capability> capabilities() const = 0;
  /// One answer per node, in the graph's order. Pre: graph.is_static().
  [[nodiscard]] virtual std::vector<Support> support(const Graph& graph,
                                                     const Capability& capability,
                                                     const CompileOptions& options) const = 0;
  /// One entry per node, in the graph's order; nothing where the backend has no cost model.
  [[nodiscard]] virtual std::vector<NodeEstimate> estimate(const Graph& graph,
                                                           const Capability& capability,
                                                           const CompileOptions& options) const = 0;
  /// The engine: a pure function of its arguments. No clock, path or host name goes in.
  /// Throws Error(Unsupported), naming the first node that support() refuses, Error(InvalidModel).
  [[nodiscard]] virtual std::vector<std::byte> compile(const Graph& graph,
                                                       const Capability& capability,
                                                       const CompileOptions& options) const = 0;
  /// What `device`, one of this backend's, loads from compile(), with the same results to the bit;
  /// a backend that can leaves out the bytes in between. For what runs in this process only.
  /// Throws what compile() and Device::load() throw.
  [[nodiscard]] virtual std::unique_ptr<Executable> compile_and_load(const Graph& graph,
                                                                     const Capability& capability,
                                                                     const CompileOptions& options,
                                                                     Device& device) const;
  /// How many devices of this kind this machine has.
  [[nodiscard]] virtual int device_count() const = 0;
  /// Throws Error(InvalidArgument) for an index that is not there, Error(DeviceFailure).
  [[nodiscard]] virtual std::unique_ptr<Device> open(int index) const = 0;
  /// The same with settings. By default there are none: throws Error(InvalidArgument) naming the
  /// first, as a backend that has some does for one that it does not know.
  [[nodiscard]] virtual std::unique_ptr<Device> open_with(int index,
                                                          const DeviceOptions& options) const;
};

}  // namespace mtmi
