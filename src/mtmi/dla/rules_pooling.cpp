// Pooling.
#include <array>

#include <fmt/core.h>

#include "mtmi/dla/layer_rules.h"
#include "mtmi/ops/pooling.h"

namespace mtmi::dla {
namespace {

// TensorRT developer guide, DLA restrictions, Pooling. Averages that leave out the padding are
// refused on Xavier only.
constexpr Limits kWindow{1, 8};
constexpr Limits kPad{0, 7};
constexpr Limits kStride{1, 16};

Support check_axis(const Window& window, int axis) {
  const auto name = [&](const char* what) { return fmt::format("{} of axis {}", what, axis); };
  if (!kWindow.contains(window.kernel)) {
    return Support::no("dla.pool.window",
                       outside(name("window"), window.kernel, kWindow),
                       "chain poolings with smaller windows");
  }
  if (!kStride.contains(window.stride)) {
    return Support::no("dla.pool.stride",
                       outside(name("stride"), window.stride, kStride),
                       "chain poolings with smaller strides");
  }
  for (const std::int64_t pad : {window.pad_begin, window.pad_end}) {
    if (!kPad.contains(pad)) {
      return Support::no("dla.pool.pad", outside(name("pad"), pad, kPad), "pad less");
    }
  }
  if (window.dilation != 1) {
    return Support::no("dla.pool.dilation",
                       outside(name("dilation"), window.dilation, {1, 1}),
                       "do not dilate: a pooling layer has no such parameter");
  }
  return Support::yes();
}

Support check_pool(const Layer& layer) {
  if (layer.node().outputs.size() > 1 && layer.node().outputs[1] != kNoValue) {
    return Support::no("dla.pool.indices",
                       "output 1 (Indices): got used, expected left out",
                       "do without the indices");
  }
  const ops::PoolGeometry geometry = ops::pool_geometry(layer.node(), layer.src());
  for (std::size_t i = 0; i < geometry.windows.size(); ++i) {
    if (Support support = check_axis(geometry.windows[i], static_cast<int>(i) + 2); !support) {
      return support;
    }
  }
  return Support::yes();
}

/// Becomes a Reduce layer with MAX, which has no limit of its own. NvInfer.h of 8.6.12.
Support check_global_max(const Layer& /*layer*/) {
  return Support::yes();
}

constexpr std::array kRules{
    LayerRule{"AveragePool", check_pool},
    LayerRule{"GlobalMaxPool", check_global_max, Ranks::Maps, {8, 6, 12}},
    LayerRule{"MaxPool", check_pool},
};

}  // namespace

std::span<const LayerRule> pooling_rules() {
  return kRules;
}

}  // namespace mtmi::dla
