#include "mtmi/runtime/frame_check.h"

#include <algorithm>
#include <cstring>

namespace mtmi::runtime {
namespace {

constexpr int kPoison = 0xFF;

/// Data and stamp of one buffer; empty where the host cannot see it.
std::span<std::byte> visible(Buffer& buffer) {
  return buffer.host_data() == nullptr
             ? std::span<std::byte>()
             : std::span<std::byte>(buffer.host_data(), buffer.size_bytes());
}

std::span<std::byte> stamp_of(const TensorDesc& desc, Buffer& buffer) {
  const std::span<std::byte> all = visible(buffer);
  return all.empty() ? all : all.subspan(size_bytes_of(desc), kStampBytes);
}

}  // namespace

void poison(FrameSlot& slot) {
  for (const auto& buffer : slot.buffers) {
    const std::span<std::byte> bytes = visible(*buffer);
    std::memset(bytes.data(), kPoison, bytes.size());
  }
}

std::optional<std::string> find_intrusion(const Plan& plan, const FrameSlot& slot) {
  for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
    const std::span<std::byte> bytes = visible(*slot.buffers[i]);
    const auto written = std::find_if(
        bytes.begin(), bytes.end(), [](std::byte b) { return b != std::byte{kPoison}; });
    if (written != bytes.end()) {
      return "'" + plan.edges[i].desc.name + "' was written at byte " +
             std::to_string(written - bytes.begin()) + " while its slot held no frame";
    }
  }
  return std::nullopt;
}

void stamp(const Plan& plan, FrameSlot& slot) {
  for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
    const std::span<std::byte> bytes = stamp_of(plan.edges[i].desc, *slot.buffers[i]);
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(slot.ticket)) {
      std::memcpy(bytes.data() + at, &slot.ticket, sizeof(slot.ticket));
    }
  }
}

std::optional<std::string> find_lost_stamp(const Plan& plan, const FrameSlot& slot) {
  for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
    const std::span<const std::byte> bytes = stamp_of(plan.edges[i].desc, *slot.buffers[i]);
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(slot.ticket)) {
      if (std::memcmp(bytes.data() + at, &slot.ticket, sizeof(slot.ticket)) != 0) {
        return "the buffer of '" + plan.edges[i].desc.name +
               "' was written behind its end, or by another frame";
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_overlap(const Plan& plan,
                                        const FrameResult& result,
                                        std::int64_t vacated_ns) {
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    if (result.stages[i].ran && result.stages[i].timing.start_ns < vacated_ns) {
      return "stage '" + plan.stages[i].name +
             "' began before the readers of the last frame in its slot had ended";
    }
  }
  for (const Edge& edge : plan.edges) {
    for (const Edge::Reader& reader : edge.readers) {
      if (edge.producer && result.stages[*edge.producer].ran && result.stages[reader.stage].ran &&
          result.stages[reader.stage].timing.start_ns <
              result.stages[*edge.producer].timing.end_ns) {
        return "stage '" + plan.stages[reader.stage].name + "' began before '" + edge.desc.name +
               "' was made";
      }
    }
  }
  return std::nullopt;
}

}  // namespace mtmi::runtime
