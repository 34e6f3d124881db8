#include "mtmi/passes/pool_reductions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "mtmi/ops/reduction.h"
#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/expansion.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/node_context.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "pool_reductions";

constexpr std::int64_t kMaxWindow = 8;
constexpr std::int64_t kMaxKernel = 32;
constexpr std::int64_t kMaxChannels = 8192;

enum class Kind { Mean, Sum, Max };

/// What a node reduces of a map.
struct MapReduction {
  Kind kind = Kind::Mean;
  bool channels = false;
  bool height = false;
  bool width = false;
};

Kind kind_of(std::string_view op) {
  if (op == "GlobalMaxPool" || op == "ReduceMax") {
    return Kind::Max;
  }
  return op == "ReduceSum" ? Kind::Sum : Kind::Mean;
}

std::optional<MapReduction> reduction_at(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (shape_of(graph, node.inputs[0]).rank() != 4) {
    return std::nullopt;
  }
  MapReduction reduction{
      .kind = kind_of(node.op), .channels = false, .height = true, .width = true};
  if (node.op.starts_with("Reduce")) {
    const NodeContext context(graph, id);
    const std::vector<int> axes = ops::reduction_of(context.get()).axes;
    const auto has = [&axes](int axis) {
      return std::find(axes.begin(), axes.end(), axis) != axes.end();
    };
    reduction.channels = has(1);
    reduction.height = has(2);
    reduction.width = has(3);
    const bool is_known = !axes.empty() && !has(0);
    // The largest over channels has no form here.
    return is_known && !(reduction.kind == Kind::Max && reduction.channels)
               ? std::optional(reduction)
               : std::nullopt;
  }
  return reduction;
}

/// The largest window that divides `extent`.
std::int64_t window_for(std::int64_t extent) {
  std::int64_t window = std::min(extent, kMaxWindow);
  while (extent % window != 0) {
    --window;
  }
  return window;
}

using Extents = std::array<std::int64_t, 2>;

Attributes side_by_side(const Extents& window) {
  const std::vector<std::int64_t> kernel(window.begin(), window.end());
  return {{"kernel_shape", kernel}, {"strides", kernel}};
}

/// The mean over what is left of a map of `channels`, by equal weights.
ValueId convolve_mean(Expansion& expansion,
                      ValueId value,
                      std::int64_t channels,
                      const Extents& window) {
  Tensor weights(DType::Float32, Shape{channels, 1, window[0], window[1]});
  std::ranges::fill(weights.data<float>(), 1.0F / static_cast<float>(window[0] * window[1]));
  return expansion.add(
      "Conv",
      {value, expansion.constant(std::move(weights))},
      {{"group", channels}, {"kernel_shape", std::vector<std::int64_t>{window[0], window[1]}}});
}

/// `value` reduced over extents of `left`; kNoValue where the windows of a DLA do not do it.
ValueId pool(Expansion& expansion, ValueId value, Kind kind, std::int64_t channels, Extents left) {
  const char* const op = kind == Kind::Max ? "MaxPool" : "AveragePool";
  for (Extents window{window_for(left[0]), window_for(left[1])}; window != Extents{1, 1};
       window = {window_for(left[0]), window_for(left[1])}) {
    value = expansion.add(op, {value}, side_by_side(window));
    left = {left[0] / window[0], left[1] / window[1]};
  }
  if (left == Extents{1, 1}) {
    return value;
  }
  if (kind == Kind::Max || left[0] > kMaxKernel || left[1] > kMaxKernel ||
      channels > kMaxChannels) {
    return kNoValue;
  }
  return convolve_mean(expansion, value, channels, left);
}

ValueId reduce_channels(Expansion& expansion, ValueId value, Kind kind, std::int64_t channels) {
  Tensor weights(DType::Float32, Shape{1, channels, 1, 1});
  std::ranges::fill(weights.data<float>(),
                    kind == Kind::Sum ? 1.0F : 1.0F / static_cast<float>(channels));
  return expansion.add("Conv",
                       {value, expansion.constant(std::move(weights))},
                       {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
}

bool rewrite(Graph& graph, NodeId id) {
  const auto reduction = reduction_at(graph, id);
  if (!reduction) {
    return false;
  }
  const Shape map = shape_of(graph, graph.node(id).inputs[0]);
  const Shape result = shape_of(graph, graph.node(id).outputs[0]);
  if (map.num_elements() == 0) {
    return false;
  }
  const Extents over{reduction->height ? map[2] : 1, reduction->width ? map[3] : 1};
  Expansion expansion(graph, id, kName);
  ValueId value = expansion.input(0);
  std::int64_t channels = map[1];
  if (reduction->channels) {
    value = reduce_channels(expansion, value, reduction->kind, channels);
    channels = 1;
  }
  value = pool(expansion, value, reduction->kind, channels, over);
  if (value == kNoValue) {
    return false;
  }
  if (reduction->kind == Kind::Sum && over != Extents{1, 1}) {
    value = expansion.add("Mul", {value, expansion.number(static_cast<float>(over[0] * over[1]))});
  }
  if (value == expansion.input(0)) {
    return false;
  }
  if (result.rank() == map.rank()) {
    expansion.finish(value);
  } else {
    expansion.finish("Reshape", {value, expansion.ints(result.extents())});
  }
  return true;
}

}  // namespace

Graph pool_reductions(Graph graph) {
  static constexpr std::array<std::string_view, 5> kOps{
      "GlobalAveragePool", "GlobalMaxPool", "ReduceMax", "ReduceMean", "ReduceSum"};
  return cure_refusals(std::move(graph), kOps, rewrite);
}

}  // namespace mtmi::passes
