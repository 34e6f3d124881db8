// One range for tensors that must share it.
#pragma once

#include <string>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {

enum class AlignMode {
  Required,   ///< what a DLA cannot do without
  Preferred,  ///< and what saves a rounding: a Resize keeps its scale
};

/// What alignment did to one tensor.
struct ScaleChange {
  std::string tensor;
  float from = 0;                  ///< its scale before
  float to = 0;                    ///< and after
  std::string widest;              ///< the tensor of its group that set the range
  std::vector<std::string> group;  ///< all tensors of the group
  std::string rule;                ///< why it is in it: "dla.range.concat"

  bool operator==(const ScaleChange&) const = default;
};

struct Alignment {
  ScaleTable table;
  std::vector<ScaleChange> changes;  ///< in the order of the groups; empty: all shared already
};

/// Gives every tensor of a group (dla/scale_groups.h, groups with common tensors as one) the scale
/// of the one with the largest amax, bit by bit.
///
/// Imported scales stay as they are, but count for the others of their group: what then differs is
/// rescaled where it is read (dla::find_rescales). Dead tensors take the group's range but do not
/// set it, unless all are dead. Tensors without a scale are left out.
[[nodiscard]] Alignment align(ScaleTable table, const Graph& graph, AlignMode mode);

}  // namespace mtmi::quant
