#include "mtmi/ops/data_movement.h"

#include <algorithm>
#include <array>

namespace mtmi::ops {
namespace {

struct Entry {
  std::string_view op;
  Movement movement;
};

constexpr std::array kEntries{
    Entry{"Concat", Movement::Move},
    Entry{"ConstantOfShape", Movement::Generate},
    Entry{"DepthToSpace", Movement::Move},
    Entry{"Expand", Movement::Move},
    Entry{"Flatten", Movement::View},
    Entry{"Gather", Movement::Move},
    Entry{"GatherElements", Movement::Pick},
    Entry{"GatherND", Movement::Pick},
    Entry{"Identity", Movement::View},
    Entry{"Pad", Movement::Move},
    Entry{"Range", Movement::Generate},
    Entry{"Reshape", Movement::View},
    Entry{"ScatterElements", Movement::Pick},
    Entry{"ScatterND", Movement::Pick},
    Entry{"Shape", Movement::Generate},
    Entry{"Size", Movement::Generate},
    Entry{"Slice", Movement::Move},
    Entry{"SpaceToDepth", Movement::Move},
    Entry{"Split", Movement::Move},
    Entry{"Squeeze", Movement::View},
    Entry{"Tile", Movement::Move},
    Entry{"Transpose", Movement::Move},
    Entry{"Unsqueeze", Movement::View},
};

constexpr bool is_sorted(const decltype(kEntries)& entries) {
  return std::is_sorted(
      entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.op < b.op; });
}

static_assert(is_sorted(kEntries));

}  // namespace

Movement movement_of(std::string_view op) noexcept {
  const auto* const it = std::lower_bound(
      kEntries.begin(), kEntries.end(), op, [](const Entry& entry, std::string_view name) {
        return entry.op < name;
      });
  return it != kEntries.end() && it->op == op ? it->movement : Movement::None;
}

}  // namespace mtmi::ops
