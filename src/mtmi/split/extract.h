// A piece of a graph as a graph of its own.
#pragma once

#include <span>
#include <string>
#include <unordered_set>

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// The nodes that `outputs` need and that do not lie behind a value of `inputs`.
[[nodiscard]] std::unordered_set<NodeId> nodes_between(const Graph& graph,
                                                       std::span<const ValueId> inputs,
                                                       std::span<const ValueId> outputs);

/// The graph that computes `outputs` from `inputs`: nodes_between() and the constants that they
/// read. Names and types are kept; constants share their elements. Inputs that no output needs stay
/// inputs. Pre: every path to `outputs` from an input of `graph` passes `inputs` (find_bypass() is
/// nothing).
[[nodiscard]] Graph extract(const Graph& graph,
                            const std::string& name,
                            std::span<const ValueId> inputs,
                            std::span<const ValueId> outputs);

}  // namespace mtmi::split
