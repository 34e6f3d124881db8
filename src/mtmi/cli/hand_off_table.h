// In which formats a graph's inputs and outputs can be handed over, and how many bytes that takes.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "mtmi/graph/graph.h"

namespace mtmi::cli {

/// One row per input or output and format: its size [bytes], and for maps [n,c,h,w] the strides of
/// lines and surfaces [bytes]. Pre: graph.is_static().
[[nodiscard]] std::string hand_off_table(const Graph& graph);

/// The same as a list of objects.
[[nodiscard]] nlohmann::json hand_offs_to_json(const Graph& graph);

}  // namespace mtmi::cli
