// The layer being lowered, and what is read from its nodes. Private to lower/.
#pragma once

#include <optional>
#include <vector>

#include "mtmi/dla/fused_layers.h"
#include "mtmi/dla/layer_constants.h"
#include "mtmi/graph/graph.h"

namespace mtmi::int8 {

/// How a layer's integers leave it, read from its last node.
struct Exit {
  std::vector<float> slopes;  ///< of negative numbers: none, one, or as broadcast_constant() gives
  std::optional<float> least;
  std::optional<float> most;
};

/// The layer being lowered.
struct LayerAt {
  const dla::FusedLayer& layer;
  const Graph& graph;

  [[nodiscard]] NodeId id() const { return layer.nodes.front(); }

  [[nodiscard]] const Node& node() const { return graph.node(id()); }

  [[nodiscard]] ValueId output() const { return layer.outputs.front(); }

  [[nodiscard]] bool has_input(std::size_t index) const {
    return index < node().inputs.size() && node().inputs[index] != kNoValue;
  }

  [[nodiscard]] const Tensor* constant(std::size_t index) const;
  [[nodiscard]] std::optional<NodeId> batch_normalization() const;
  [[nodiscard]] Exit exit() const;
};

/// A sum, product or quotient with a constant, or a BatchNormalization, as y = factor x + shift:
/// one entry, one per channel, or one per element of [c, h, w].
[[nodiscard]] dla::Affine scaling_of(const LayerAt& at);

}  // namespace mtmi::int8
