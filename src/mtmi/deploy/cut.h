// Where the network is cut into encoder, heads and tails.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/graph/graph.h"
#include "mtmi/split/split.h"

namespace mtmi::deploy {

/// Cuts the simplified network; one with a single output and no wanted cut stays whole, as an
/// encoder. The outline is there at once, the graphs when a step asks for them. Thread-compatible.
class Cut {
 public:
  /// Throws what onnx::read_model() and split::split_graph() throw.
  Cut(StepStore& store, const bundle::HashedFile& whole, std::vector<std::string> cut);

  [[nodiscard]] const Outline& outline() const noexcept { return outline_; }

  /// Of the step: whatever is made of these graphs is made from this.
  [[nodiscard]] const std::string& hash() const noexcept { return hash_; }

  /// The parts' graphs, as cut.
  [[nodiscard]] const split::Split& graphs();
  /// The graph of one part. Pre: it is a part of this cut.
  [[nodiscard]] const Graph& graph_of(const Part& part);

 private:
  std::filesystem::path whole_;
  std::vector<std::string> cut_;
  std::string hash_;
  Outline outline_;
  std::optional<split::Split> graphs_;
};

}  // namespace mtmi::deploy
