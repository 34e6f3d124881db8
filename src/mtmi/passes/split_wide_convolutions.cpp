#include "mtmi/passes/split_wide_convolutions.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/dla/convolution_buffer.h"
#include "mtmi/dla/release.h"
#include "mtmi/dla/rules.h"
#include "mtmi/ops/conv.h"
#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/expansion.h"
#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "split_wide_convolutions";

/// Channels lie in groups of this many in INT8: a cut between them moves no element.
constexpr std::int64_t kChannelGroup = 32;

/// How many input channels of such a convolution the buffer holds, whole groups; 0 if none.
std::int64_t channels_within_buffer(const ops::ConvGeometry& geometry) {
  const dla::CheckOptions options;
  std::int64_t channels = geometry.ic / kChannelGroup * kChannelGroup;
  for (; channels > 0; channels -= kChannelGroup) {
    const dla::ConvolutionBanks banks =
        dla::convolution_banks({.channels = channels,
                                .kernel_height = geometry.windows[0].kernel,
                                .kernel_width = geometry.windows[1].kernel,
                                .dilation_height = geometry.windows[0].dilation,
                                .src_width = geometry.windows[1].in},
                               options.precision);
    if (banks.total() <= options.chip->convolution_buffer_banks) {
      break;
    }
  }
  return channels;
}

/// Some of the input channels as a value of their own.
struct Piece {
  ValueId value = kNoValue;
  std::int64_t channels = 0;
};

/// The parts of the Concat that makes `value`, joined as far as `limit` lets them; empty where
/// there is no such Concat, or one of its parts is larger.
std::vector<Piece> joined_parts(const Graph& graph,
                                Expansion& expansion,
                                ValueId value,
                                std::int64_t limit) {
  const auto concat = producer_of(graph, value, "Concat");
  if (!concat || positive_axis(graph.node(*concat).attributes.get_int("axis", 0), 4) != 1) {
    return {};
  }
  std::vector<std::vector<ValueId>> groups;
  std::vector<Piece> pieces;
  for (const ValueId part : graph.node(*concat).inputs) {
    const std::int64_t channels = shape_of(graph, part)[1];
    if (channels > limit) {
      return {};
    }
    if (pieces.empty() || pieces.back().channels + channels > limit) {
      groups.emplace_back();
      pieces.emplace_back();
    }
    groups.back().push_back(part);
    pieces.back().channels += channels;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i].value = groups[i].size() == 1
                          ? groups[i].front()
                          : expansion.add("Concat", groups[i], {{"axis", std::int64_t{1}}});
  }
  return pieces;
}

std::vector<Piece> slices(Expansion& expansion,
                          ValueId value,
                          std::int64_t channels,
                          std::int64_t limit) {
  std::vector<Piece> pieces;
  for (std::int64_t begin = 0; begin < channels; begin += limit) {
    const std::int64_t end = std::min(begin + limit, channels);
    pieces.push_back(
        {expansion.add(
             "Slice", {value, expansion.ints({begin}), expansion.ints({end}), expansion.ints({1})}),
         end - begin});
  }
  return pieces;
}

void write_sum(Expansion& expansion,
               const std::vector<Piece>& pieces,
               const Tensor& weights,
               const Attributes& attributes) {
  ValueId sum = kNoValue;
  std::int64_t begin = 0;
  for (const Piece& piece : pieces) {
    std::vector<ValueId> inputs{piece.value,
                                expansion.constant(input_channels(weights, begin, piece.channels))};
    if (begin == 0 && expansion.input(2) != kNoValue) {
      inputs.push_back(expansion.input(2));
    }
    begin += piece.channels;
    const ValueId part = expansion.add("Conv", std::move(inputs), attributes);
    sum = sum == kNoValue ? part : expansion.add("Add", {sum, part});
  }
  expansion.finish(sum);
}

bool rewrite(Graph& graph, NodeId id) {
  const auto layer = layer_at(graph, id);
  if (!layer || dla::check(graph, id).rule() != "dla.conv.convolution_buffer") {
    return false;
  }
  const Node node = graph.node(id);
  const ops::ConvGeometry geometry =
      ops::conv_geometry(node.attributes, shape_of(graph, node.inputs[0]), layer->weights.shape());
  const std::int64_t limit = channels_within_buffer(geometry);
  if (geometry.groups != 1 || limit == 0) {
    return false;
  }
  Expansion expansion(graph, id, kName);
  std::vector<Piece> pieces = joined_parts(graph, expansion, node.inputs[0], limit);
  if (pieces.empty()) {
    pieces = slices(expansion, node.inputs[0], geometry.ic, limit);
  }
  write_sum(expansion, pieces, layer->weights, node.attributes);
  return true;
}

}  // namespace

Graph split_wide_convolutions(Graph graph) {
  static constexpr std::array<std::string_view, 1> kOps{"Conv"};
  return cure_refusals(std::move(graph), kOps, rewrite);
}

}  // namespace mtmi::passes
