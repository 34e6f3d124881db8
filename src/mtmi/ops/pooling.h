// MaxPool, AveragePool and their global forms: the geometry that rules, kernels and backends share.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/core/window.h"
#include "mtmi/graph/graph.h"

namespace mtmi::ops {

/// Pooling of src [n, c, in...] to dst [n, c, out...].
struct PoolGeometry {
  std::int64_t planes = 1;      ///< n * c
  std::vector<Window> windows;  ///< one per spatial axis (1 to 3), outermost first
  /// AveragePool: whether padding counts in the divisor.
  bool count_include_pad = false;
  /// MaxPool: whether Indices count column-major within a plane.
  bool column_major = false;
};

/// The geometry of a MaxPool, AveragePool, GlobalAveragePool or GlobalMaxPool node.
/// Throws Error(InvalidModel | Unsupported) if attributes and shape contradict each other.
[[nodiscard]] PoolGeometry pool_geometry(const Node& node, const Shape& src);

}  // namespace mtmi::ops
