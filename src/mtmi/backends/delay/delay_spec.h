// What an engine of the delay device holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mtmi/device/layout.h"

namespace mtmi {

/// What can go wrong on request.
enum class DelayFault : std::uint8_t {
  Fail,   ///< reports Error(DeviceFailure)
  Throw,  ///< throws what is no mtmi::Error, as broken code would
  Hang,   ///< does not come back until DelayControl::release()
};

/// Fault of one run, or of this run and all after it.
struct DelayFaultAt {
  DelayFault fault = DelayFault::Fail;
  std::int64_t run = 0;  ///< counted from 0, per loaded engine
  bool from_then_on = false;
  bool operator==(const DelayFaultAt&) const = default;
};

/// A stage that only takes time. It hands a mark through: the first eight bytes of its first input
/// (0 without inputs) fill all its outputs.
struct DelaySpec {
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
  std::int64_t duration_ns = 0;
  std::vector<DelayFaultAt> faults;
  /// All inputs must be filled with the same mark, when the run begins and still when it ends;
  /// otherwise it fails, saying what it read. That is how races are seen.
  bool check_inputs = false;
  bool operator==(const DelaySpec&) const = default;
};

/// An engine file for the delay device. The same bytes for the same spec.
[[nodiscard]] std::vector<std::byte> make_delay_engine(const DelaySpec& spec);

/// The inverse. Throws Error(InvalidModel) for anything else.
[[nodiscard]] DelaySpec read_delay_engine(std::span<const std::byte> bytes);

}  // namespace mtmi
