// A multi-task network as encoder, heads and tails.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// One head: from features to what its accelerator computes, and what is left to do on the host.
struct Head {
  std::string name;  ///< of its first result
  Graph graph;
  /// From outputs of `graph` to results. Outputs of `graph` that are results themselves go past it;
  /// nothing where all are.
  std::optional<Graph> tail;
  std::vector<std::string> results;  ///< outputs of the whole network that it gives
};

/// encoder, then heads, then tails, in sequence equal the whole network.
struct Split {
  Graph encoder;
  std::vector<Head> heads;                   ///< in the order of the network's outputs
  std::vector<std::string> features;         ///< outputs of the encoder that heads read
  std::vector<std::string> feature_results;  ///< outputs of the network that the encoder gives
  std::size_t hand_off_bytes = 0;            ///< of all features, each once
};

struct SplitOptions {
  std::vector<std::string> cut;   ///< names of values; empty: find_cut()
  std::vector<std::string> tail;  ///< names of values where tails begin; empty: found
};

/// Cuts `graph` into parts that are graphs by themselves. Names are kept.
///
/// Found tails begin behind the last value that an accelerator gives: what follows is ArgMax, TopK,
/// Cast, a product or sum with a single number, and moves of data between them.
///
/// Throws Error(InvalidArgument) if a named value is not there, begins no tail, or
/// does not close the cut (the message shows a way around it); Error(Unsupported) if there is
/// nothing to split. Pre: graph.is_static().
[[nodiscard]] Split split_graph(const Graph& graph, const SplitOptions& options);

}  // namespace mtmi::split
