// Which values of a lowered graph share memory, and where that memory is.
#pragma once

#include <unordered_map>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::host {

/// Operator of a node whose output is its input under another shape: no work at run time.
inline constexpr std::string_view kViewOp = "host.View";

/// The values of a graph grouped by storage: a view shares that of its input.
class Storage {
 public:
  explicit Storage(const Graph& graph);

  /// The value that stands for all that share memory with `id`: a graph input, a constant or the
  /// output of a node that is no view.
  [[nodiscard]] ValueId root(ValueId id) const;

  /// Roots whose memory is a graph output's, with the output.
  [[nodiscard]] const std::unordered_map<ValueId, ValueId>& outputs() const noexcept {
    return outputs_;
  }

 private:
  std::unordered_map<ValueId, ValueId> root_;  // of views only
  std::unordered_map<ValueId, ValueId> outputs_;
};

}  // namespace mtmi::host
