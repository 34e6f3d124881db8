// Channels of one tensor brought to one range, by factors that cancel out between two layers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::quant {

/// The largest |x| of each channel (axis 1), by tensor.
using ChannelPeaks = std::map<std::string, std::vector<float>>;

/// No channel is scaled by more than this, or by less than one in this many: one that says nearly
/// nothing is left nearly as quiet as it was. [1]
inline constexpr float kLargestChannelFactor = 16.0F;

/// The tensors of which equalize() wants to know the peaks, in the order of the graph; none where
/// nothing can be equalised. Pre: graph.is_static().
[[nodiscard]] std::vector<std::string> tensors_to_equalize(const Graph& graph);

/// The network with every channel of the tensors between two Convs scaled to one range R:
/// channel c of what a Conv makes is multiplied by s[c] = R / peak[c] in its weights and bias, and
/// divided by it in the weights of whoever reads it. What the network computes stays the same up to
/// rounding (weights are multiplied in float64 and rounded once); names stay.
///
/// So it is done where nothing but Relu, LeakyRelu, Resize, MaxPool, AveragePool, Identity and
/// Concat along channels stands between, all readers are Convs without groups, and all weights are
/// float32 constants. Where such tensors meet others in a Concat, which shares one range, R is the
/// largest peak of those; else the geometric mean of the peaks, which does not matter with a scale
/// per row of weights. A channel of zeros stays as it is.
///
/// After M. Nagel et al. 2019, arXiv 1906.04721, section 4.1, by the ranges of activations in place
/// of those of weights: with a scale per row, weights have nothing to gain.
///
/// Pre: `peaks` holds finite numbers for each of tensors_to_equalize(graph), one a channel.
[[nodiscard]] Graph equalize(Graph graph, const ChannelPeaks& peaks);

}  // namespace mtmi::quant
