// Option --scales: the scales of a model that stands beside them.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "mtmi/graph/graph.h"

namespace mtmi::cli {

/// Scales by value name from a table of ours, a calibration cache or a Q/DQ model. A table, and a
/// cache that stands beside its table, must be of this very graph; in others' files a tensor
/// without a scale means a layer in FP16, which is said in a warning. Throws Error, naming the
/// file.
[[nodiscard]] std::map<std::string, float> read_scales_of(const Graph& graph,
                                                          const std::filesystem::path& path);

}  // namespace mtmi::cli
