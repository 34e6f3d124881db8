// From what was seen of a graph's tensors to their scales.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/quant/observations.h"
#include "mtmi/quant/threshold.h"

namespace mtmi::quant {

/// Ranges settle slowly; fewer images than this are worth a warning.
inline constexpr std::uint64_t kEnoughImages = 100;

struct CalibratedTable {
  ScaleTable table;
  /// Sentences that the user should read: too few images, dead tensors, ranges that lose much.
  std::vector<std::string> warnings;
};

/// The tensors that calibration gives a scale: the names of activations(graph), inputs first.
[[nodiscard]] std::vector<std::string> observed_tensors(const Graph& graph);

/// Those of them that must be counted, in the same order: what the others hold follows from these
/// (rearranged.h).
[[nodiscard]] std::vector<std::string> counted_tensors(const Graph& graph);

/// A scale for every observed tensor of `graph`, not aligned. The same for every number of threads.
/// Throws Error(InvalidArgument) if `observations` lack a tensor that must be counted; of the
/// others, what they hold is used where it is there.
[[nodiscard]] CalibratedTable find_scales(const Observations& observations,
                                          const Graph& graph,
                                          const ThresholdOptions& options);

}  // namespace mtmi::quant
