// Tensors that need no counting: they hold the elements of others, only elsewhere.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/quant/observations.h"

namespace mtmi::quant {

/// Names of tensors; one that goes in twice stands there twice.
using Sources = std::vector<std::string>;

/// Every tensor of activations(graph) that a Concat, a Transpose, a Reshape or the like makes of
/// other such tensors, with those that it holds the elements of. Sources are themselves no keys of
/// the map. So the histogram of a tensor here is the sum of those of its sources, exactly.
[[nodiscard]] std::map<std::string, Sources> find_rearranged(const Graph& graph);

/// Adds the histograms of these tensors to what was seen of the others, where all their sources
/// were counted: for those who ask of any tensor what it held.
void add_rearranged(Observations& seen, const Graph& graph);

}  // namespace mtmi::quant
