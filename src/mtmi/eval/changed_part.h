// What is left to compute of a graph when another graph, much the same, was computed before.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::eval {

/// The end of a graph behind everything that another graph computes as well.
struct ChangedPart {
  /// From values that both have, and inputs, to the outputs of the graph. A constant that both have
  /// under one name shares its elements with the other graph's.
  Graph graph;
  /// Those inputs of `graph` that the other graph makes on its way: none of its own inputs. In the
  /// order of the graph.
  std::vector<std::string> shared;
};

/// The part of `graph` whose values differ from those of `base`. Values are the same where they
/// have one name and are made by the same operators of the same values and constants.
/// `changed_inputs`: inputs that hold something else in the one than in the other.
/// Pre: graph.is_static(); both have the same inputs.
[[nodiscard]] ChangedPart changed_part(const Graph& graph,
                                       const Graph& base,
                                       const std::set<std::string>& changed_inputs);

}  // namespace mtmi::eval
