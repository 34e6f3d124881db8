// One INT8 convolution with weights and a bias that make up for what rounding does to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/ops/conv.h"
#include "mtmi/quant/weight_rounding.h"

namespace mtmi::quant {

/// A Conv that runs in INT8 and can be corrected.
struct CorrectableLayer {
  NodeId node{};
  ValueId input{};         ///< what it reads
  ValueId sum{};           ///< what it makes, in front of an activation
  float src_scale = 0.0F;  ///< of the input
};

/// In the order of the graph: Convs over images, without groups and with float32 constants, in
/// layers that run in INT8 with `scales` (dla/precision_plan.h) and have no BatchNormalization.
/// Pre: graph.is_static(); scales are finite and > 0.
[[nodiscard]] std::vector<CorrectableLayer> find_correctable_layers(
    const Graph& graph, const std::map<std::string, float>& scales);

/// What a layer read on some images, as integers: sums, which no order changes.
class LayerInput {
 public:
  /// `with_moments`: of some positions, also what round_with_feedback() needs.
  /// Throws Error(OutOfMemory).
  LayerInput(const Graph& graph, const CorrectableLayer& layer, bool with_moments);

  /// Counts one more image, row-major. `seed` decides which positions give second moments.
  /// Pre: the layer's input has as many elements.
  void add(std::span<const std::int8_t> image, std::uint64_t seed);

  /// Sums over all positions of what each tap [channel, row, column] read; padding is 0.
  [[nodiscard]] std::span<const std::int64_t> sums() const noexcept { return sums_; }

  /// How many positions that were.
  [[nodiscard]] std::int64_t positions() const noexcept { return positions_; }

  /// nullptr unless with_moments.
  [[nodiscard]] const SecondMoments* moments() const noexcept {
    return moments_ ? &*moments_ : nullptr;
  }

 private:
  void add_sums(const std::int8_t* image);
  void add_moments(const std::int8_t* image, std::uint64_t seed);

  ops::ConvGeometry geometry_;
  std::vector<std::int64_t> sums_;
  std::int64_t positions_ = 0;
  std::optional<SecondMoments> moments_;
};

/// Gives the layer weights on their grid, rounded with feedback, where `input` has moments, and
/// where `means` is not empty the bias with which the mean of each channel of the INT8 sum is
/// means[k]:
///
///   b[k] = means[k] - Sx Sw[k] sum over taps t of q[k,t] sums[t] / positions
///
/// Pre: input.positions() > 0; `means` has an entry per output channel or none.
void correct_layer(Graph& graph,
                   const CorrectableLayer& layer,
                   const LayerInput& input,
                   std::span<const double> means);

}  // namespace mtmi::quant
