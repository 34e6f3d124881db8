#include "mtmi/passes/plain_deconvolutions.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "mtmi/ops/conv.h"
#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/expansion.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "plain_deconvolutions";

/// Elements that weights may grow to: 16 MiB.
constexpr double kMaxWeights = 4.0 * 1024 * 1024;

/// Whether weights of these extents are small enough. (A product of int64 could overflow.)
bool are_small(std::initializer_list<std::int64_t> extents) {
  double elements = 1.0;
  for (const std::int64_t extent : extents) {
    elements *= static_cast<double>(extent);
  }
  return elements <= kMaxWeights;
}

/// The part of one axis of the plain result that is the result, and the kernel that makes it.
struct PlainAxis {
  std::int64_t kernel = 1;
  std::int64_t begin = 0;
  std::int64_t end = 1;
  std::int64_t full = 1;  ///< extent of the plain result

  [[nodiscard]] bool is_cut() const { return begin != 0 || end != full; }
};

/// Of the transposed convolution with this window, which is how ops/conv.h describes it: `out` is
/// the extent of the source and `in` that of the result.
PlainAxis plain_axis(const Window& window) {
  PlainAxis axis;
  axis.begin = window.pad_begin;
  axis.end = window.pad_begin + window.in;
  const std::int64_t covered = (window.out - 1) * window.stride + window.reach();
  const std::int64_t missing = std::max<std::int64_t>(axis.end - covered, 0);
  axis.kernel = window.reach() + missing;
  axis.full = covered + missing;
  return axis;
}

/// [groups * ic, oc, kernel...] as [groups * ic, groups * oc, larger kernel...].
Tensor plain_weights(const Tensor& weights,
                     const ops::ConvTransposeGeometry& geometry,
                     const std::array<PlainAxis, 2>& axes) {
  const std::int64_t all_oc = geometry.groups * geometry.oc;
  Tensor plain(DType::Float32,
               Shape{geometry.groups * geometry.ic, all_oc, axes[0].kernel, axes[1].kernel});
  const auto from = weights.data<float>();
  const auto to = plain.data<float>();
  std::fill(to.begin(), to.end(), 0.0F);
  const Window& rows = geometry.windows[0];
  const Window& columns = geometry.windows[1];
  std::size_t source = 0;
  for (std::int64_t i = 0; i < geometry.groups * geometry.ic; ++i) {
    const std::int64_t first_oc = i / geometry.ic * geometry.oc;
    for (std::int64_t o = 0; o < geometry.oc; ++o) {
      for (std::int64_t y = 0; y < rows.kernel; ++y) {
        for (std::int64_t x = 0; x < columns.kernel; ++x) {
          const std::int64_t row = (i * all_oc + first_oc + o) * axes[0].kernel + y * rows.dilation;
          to[static_cast<std::size_t>(row * axes[1].kernel + x * columns.dilation)] =
              from[source++];
        }
      }
    }
  }
  return plain;
}

bool rewrite_deconvolution(Graph& graph, NodeId id) {
  const Node node = graph.node(id);
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  if (weights == nullptr || weights->dtype() != DType::Float32 || weights->shape().rank() != 4) {
    return false;
  }
  const ops::ConvTransposeGeometry geometry = ops::conv_transpose_geometry(
      node.attributes, shape_of(graph, node.inputs[0]), weights->shape());
  const std::array<PlainAxis, 2> axes{plain_axis(geometry.windows[0]),
                                      plain_axis(geometry.windows[1])};
  const bool same_kernel = geometry.groups == 1 && axes[0].kernel == weights->shape()[2] &&
                           axes[1].kernel == weights->shape()[3];
  if (!same_kernel &&
      !are_small(
          {weights->shape()[0], geometry.groups * geometry.oc, axes[0].kernel, axes[1].kernel})) {
    return false;
  }
  Expansion expansion(graph, id, kName);
  std::vector<ValueId> inputs = node.inputs;
  if (!same_kernel) {
    inputs[1] = expansion.constant(plain_weights(*weights, geometry, axes));
  }
  const Attributes attributes{
      {"kernel_shape", std::vector<std::int64_t>{axes[0].kernel, axes[1].kernel}},
      {"strides",
       std::vector<std::int64_t>{geometry.windows[0].stride, geometry.windows[1].stride}}};
  if (!axes[0].is_cut() && !axes[1].is_cut()) {
    expansion.finish("ConvTranspose", std::move(inputs), attributes);
    return true;
  }
  const ValueId full = expansion.add("ConvTranspose", std::move(inputs), attributes);
  expansion.finish("Slice",
                   {full,
                    expansion.ints({axes[0].begin, axes[1].begin}),
                    expansion.ints({axes[0].end, axes[1].end}),
                    expansion.ints({2, 3})});
  return true;
}

/// Weights [channels of blocks, channels of positions, block, block] that carry channel c of the
/// positions at (y, x) of a block to the channel that holds it.
Tensor block_weights(std::int64_t channels, std::int64_t block, bool depth_first) {
  const std::int64_t area = block * block;
  Tensor weights(DType::Float32, Shape{channels * area, channels, block, block});
  const auto data = weights.data<float>();
  std::fill(data.begin(), data.end(), 0.0F);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t at = 0; at < area; ++at) {
      const std::int64_t channel = depth_first ? at * channels + c : c * area + at;
      data[static_cast<std::size_t>((channel * channels + c) * area + at)] = 1.0F;
    }
  }
  return weights;
}

bool rewrite_blocks(Graph& graph, NodeId id) {
  const Node node = graph.node(id);
  const bool to_space = node.op == "DepthToSpace";
  const std::int64_t block = node.attributes.get_int("blocksize", 1);
  const std::int64_t channels = shape_of(graph, to_space ? node.outputs[0] : node.inputs[0])[1];
  if (!are_small({channels, channels, block, block, block, block})) {
    return false;
  }
  const bool depth_first = node.attributes.get_string("mode", "DCR") == "DCR";
  Expansion expansion(graph, id, kName);
  const std::vector<std::int64_t> extents{block, block};
  expansion.finish(
      to_space ? "ConvTranspose" : "Conv",
      {expansion.input(0), expansion.constant(block_weights(channels, block, depth_first))},
      {{"kernel_shape", extents}, {"strides", extents}});
  return true;
}

bool rewrite(Graph& graph, NodeId id) {
  return graph.node(id).op == "ConvTranspose" ? rewrite_deconvolution(graph, id)
                                              : rewrite_blocks(graph, id);
}

}  // namespace

Graph plain_deconvolutions(Graph graph) {
  static constexpr std::array<std::string_view, 3> kOps{
      "ConvTranspose", "DepthToSpace", "SpaceToDepth"};
  return cure_refusals(std::move(graph), kOps, rewrite);
}

}  // namespace mtmi::passes
