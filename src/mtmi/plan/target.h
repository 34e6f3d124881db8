// What a person decides about where a network runs; the same target serves any network.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/device/backend.h"

namespace mtmi {

/// What happens to new frames while all slots and the queue are full.
enum class QueuePolicy : std::uint8_t {
  Block,       ///< whoever submits waits
  DropOldest,  ///< the oldest waiting frame is dropped
  LatestOnly,  ///< at most one frame waits; a newer one replaces it
};

/// "block", "drop-oldest", "latest-only".
[[nodiscard]] std::string_view to_string(QueuePolicy policy) noexcept;
[[nodiscard]] std::optional<QueuePolicy> parse_queue_policy(std::string_view name) noexcept;

/// How far an INT8 head may be from the same head in float32: more, and there is no bundle.
struct AgreementLimits {
  std::optional<double> max_labels_changed;  ///< share of all labels [1]
  std::optional<double> max_depth_change;    ///< mean of |got - expected| / |expected| [1]
  std::optional<double> min_sqnr;            ///< before the tail [dB]
  bool operator==(const AgreementLimits&) const = default;
};

/// How one part is to be compiled and run. What is not set comes from the target's defaults.
struct PartTarget {
  std::optional<std::string> device;       ///< "cpu", "dla_sim:0"
  std::optional<Precision> precision;      ///< default: f32
  std::optional<std::string> stand_by;     ///< the device that takes over when this one is lost
  std::optional<std::int64_t> timeout_ms;  ///< default: 20 x the first measured time, >= 1 s
  std::optional<int> every;                ///< heads: run on every n-th frame only
  /// Heads: the device that takes, in float32, what `device` refuses; nothing: that is an error.
  std::optional<std::string> fallback;
  /// INT8 heads: how ranges are found, "entropy" (default), "minmax", "percentile" or "mse".
  std::optional<std::string> calibration;
  /// INT8 heads: Int8 or Float16 out of the last layer; default: Float16 for depth, else Int8.
  std::optional<DType> output;
  /// INT8 heads: tensors without a scale, so that the layers around them run in FP16.
  std::vector<std::string> keep_float = {};
  AgreementLimits limits;

  bool operator==(const PartTarget&) const = default;
};

/// A target file (docs/targets.md) as a value.
struct Target {
  std::string name = "cpu";
  PartTarget encoder;
  std::vector<std::string> head_devices;    ///< taken in turn by the heads, in output order
  PartTarget head_defaults;                 ///< for all heads; its device is not used
  std::map<std::string, PartTarget> heads;  ///< overrides by head name
  std::string tail_device = "cpu";
  /// Settings of devices by name ("dla_sim:0"), for what runs; nothing is built from them.
  std::map<std::string, DeviceOptions> devices;
  /// Of features that are handed over as INT8.
  Rounding rounding = Rounding::HalfEven;
  /// Results before the tails are kept for dumps; false lets a tail be fused into its head.
  bool dump = true;
  QueuePolicy policy = QueuePolicy::Block;
  int queue = 2;                             ///< frames that may wait for a slot
  std::optional<std::int64_t> deadline_ms;   ///< from capture; results after it are called late
  std::optional<std::int64_t> freshness_ms;  ///< frames older than this are dropped, not begun

  bool operator==(const Target&) const = default;
};

/// How head number `index` named `head` is to run, defaults filled in: device, precision and every
/// are set.
[[nodiscard]] PartTarget head_target(const Target& target,
                                     std::size_t index,
                                     std::string_view head);

/// The same for the encoder: device and precision are set.
[[nodiscard]] PartTarget encoder_target(const Target& target);

/// The names in target.heads that are none of `heads`.
[[nodiscard]] std::vector<std::string> unknown_heads(const Target& target,
                                                     const std::vector<std::string>& heads);

}  // namespace mtmi
