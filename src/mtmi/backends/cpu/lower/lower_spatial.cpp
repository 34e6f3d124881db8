// Resize and the poolings: channels last.
#include <array>
#include <optional>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/ops/pooling.h"
#include "mtmi/ops/resize.h"

namespace mtmi::cpu {
namespace {

/// Per output low index, high index and weight, as two constants; nothing for other filters.
struct AxisTaps {
  std::vector<std::int64_t> indices;  // low, high, low, high, ...
  std::vector<float> weights;
};

std::optional<AxisTaps> axis_taps(const ops::ResizeRule& rule, const ops::ResizeAxis& axis) {
  AxisTaps all;
  for (std::int64_t o = 0; o < axis.out; ++o) {
    const ops::ResizeTaps taps = ops::resize_taps(rule, axis, o);
    if (taps.offset != 0.0 || taps.indices.empty() || taps.indices.size() > 2) {
      return std::nullopt;
    }
    const bool one = taps.indices.size() == 1;
    all.indices.push_back(taps.indices[0]);
    all.indices.push_back(one ? taps.indices[0] : taps.indices[1]);
    all.weights.push_back(one ? 0.0F : static_cast<float>(taps.weights[1]));
  }
  return all;
}

std::vector<std::optional<TensorType>> input_types(const Rewriter& r) {
  std::vector<std::optional<TensorType>> types;
  for (const ValueId id : r.node().inputs) {
    types.push_back(id == kNoValue ? std::nullopt : std::optional(r.graph().type(id)));
  }
  return types;
}

std::vector<const Tensor*> input_constants(const Rewriter& r) {
  std::vector<const Tensor*> constants;
  for (const ValueId id : r.node().inputs) {
    const bool is_constant = id != kNoValue && r.graph().is_constant(id);
    constants.push_back(is_constant ? &*r.graph().value(id).constant : nullptr);
  }
  return constants;
}

bool lower_resize(Rewriter& r) {
  const ValueId x = r.input(0);
  const Shape shape = r.shape(x);
  if (r.dtype(x) != DType::Float32 || shape.rank() != 4 || shape.num_elements() == 0) {
    return false;
  }
  const auto types = input_types(r);
  const auto constants = input_constants(r);
  const ops::ResizeGeometry geometry =
      ops::resize_geometry(ops::InferContext(r.node(), types, constants));
  if (!ops::is_identity(geometry.rule, geometry.axes[0]) ||
      !ops::is_identity(geometry.rule, geometry.axes[1])) {
    return false;
  }
  const auto rows = axis_taps(geometry.rule, geometry.axes[2]);
  const auto columns = axis_taps(geometry.rule, geometry.axes[3]);
  if (!rows || !columns) {
    return false;
  }
  const Shape dst = permuted(geometry.dst_shape(), kToChannelsLast);
  const ValueId y = r.emit("cpu.Resize",
                           {r.transpose(x, kToChannelsLast), kNoValue},
                           {DType::Float32, dst},
                           {{"row_indices", rows->indices},
                            {"row_weights", rows->weights},
                            {"column_indices", columns->indices},
                            {"column_weights", columns->weights}});
  r.finish(r.transpose(y, kToChannelsFirst));
  return true;
}

bool lower_pool(Rewriter& r) {
  const ValueId x = r.input(0);
  const Shape shape = r.shape(x);
  if (r.dtype(x) != DType::Float32 || shape.rank() != 4 || shape.num_elements() == 0 ||
      r.node().outputs.size() != 1) {
    return false;
  }
  const ops::PoolGeometry g = ops::pool_geometry(r.node(), shape);
  const auto both = [&g](std::int64_t Window::*member) {
    return std::vector<std::int64_t>{g.windows[0].*member, g.windows[1].*member};
  };
  const bool is_max = r.node().op == "MaxPool" || r.node().op == "GlobalMaxPool";
  const Shape dst = permuted(r.shape(r.node().outputs[0]), kToChannelsLast);
  const ValueId y = r.emit("cpu.Pool",
                           {r.transpose(x, kToChannelsLast)},
                           {DType::Float32, dst},
                           {{"max", static_cast<std::int64_t>(is_max)},
                            {"count_include_pad", static_cast<std::int64_t>(g.count_include_pad)},
                            {"kernel", both(&Window::kernel)},
                            {"strides", both(&Window::stride)},
                            {"dilations", both(&Window::dilation)},
                            {"pads", both(&Window::pad_begin)},
                            {"pads_end", both(&Window::pad_end)}});
  r.finish(r.transpose(y, kToChannelsFirst));
  return true;
}

}  // namespace

std::span<const NodeLowering> spatial_lowerings() {
  static constexpr std::array kTable{NodeLowering{"Resize", lower_resize},
                                     NodeLowering{"MaxPool", lower_pool},
                                     NodeLowering{"AveragePool", lower_pool},
                                     NodeLowering{"GlobalMaxPool", lower_pool},
                                     NodeLowering{"GlobalAveragePool", lower_pool}};
  return kTable;
}

}  // namespace mtmi::cpu
