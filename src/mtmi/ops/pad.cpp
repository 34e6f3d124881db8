#include "mtmi/ops/pad.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "mtmi/core/checked.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

PadMode parse_mode(const std::string& text) {
  if (text == "constant") {
    return PadMode::Constant;
  }
  if (text == "reflect") {
    return PadMode::Reflect;
  }
  if (text == "edge") {
    return PadMode::Edge;
  }
  if (text == "wrap") {
    return PadMode::Wrap;
  }
  refuse("mode '" + text + "'", "constant, reflect, edge or wrap");
}

/// Refuses what cuts away more than there is, and what invents elements from nothing.
AxisPadding pad_axis(std::int64_t extent, std::int64_t before, std::int64_t after, PadMode mode) {
  const std::int64_t cut_front = before < 0 ? checked_mul(before, -1) : 0;
  const std::int64_t cut_back = after < 0 ? checked_mul(after, -1) : 0;
  const std::int64_t kept = extent - cut_front - std::min(cut_back, extent);
  if (cut_front > extent || cut_back > extent || kept < 0) {
    refuse("pads " + std::to_string(before) + " and " + std::to_string(after) +
               " of an extent of " + std::to_string(extent),
           "pads that leave an extent of 0 or more");
  }
  const AxisPadding result{.start = cut_front,
                           .kept = kept,
                           .before = std::max<std::int64_t>(before, 0),
                           .after = std::max<std::int64_t>(after, 0)};
  if (mode != PadMode::Constant && kept == 0 && result.before + result.after > 0) {
    refuse("pads of an empty axis", "mode constant there");
  }
  static_cast<void>(checked_add(checked_add(result.before, result.after), kept));
  return result;
}

std::vector<TensorType> infer_pad(const InferContext& context) {
  const TensorType& x = context.input(0);
  if (context.has_input(2)) {
    require_dtype(context.input(2).dtype, x.dtype);
    if (context.input(2).shape.num_elements() != 1) {
      refuse("a constant_value of shape " + to_string(context.input(2).shape), "a scalar");
    }
  }
  std::vector<std::int64_t> extents;
  for (const AxisPadding& axis : padding_of(context).axes) {
    extents.push_back(axis.extent());
  }
  return {{x.dtype, checked_shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"Pad", {2, 4}, {1, 1}, infer_pad},
};

}  // namespace

Padding padding_of(const InferContext& context) {
  const Shape& shape = context.input(0).shape;
  const std::vector<std::int64_t> pads = context.constant_ints(1, "pads");
  std::vector<std::int64_t> axes(static_cast<std::size_t>(shape.rank()));
  std::iota(axes.begin(), axes.end(), 0);
  if (context.has_input(3)) {
    axes = context.constant_ints(3, "axes");
  }
  if (pads.size() != 2 * axes.size()) {
    refuse("pads " + list_of(pads), "two for each of the axes " + list_of(axes));
  }
  Padding padding{.mode = parse_mode(context.attributes().get_string("mode", "constant")),
                  .axes = {}};
  for (const std::int64_t extent : shape.extents()) {
    padding.axes.push_back({.start = 0, .kept = extent, .before = 0, .after = 0});
  }
  const std::vector<int> normalized = normalized_axes(axes, shape.rank());
  for (std::size_t i = 0; i < normalized.size(); ++i) {
    padding.axes[static_cast<std::size_t>(normalized[i])] =
        pad_axis(shape[normalized[i]], pads[i], pads[i + axes.size()], padding.mode);
  }
  return padding;
}

std::int64_t padding_source(PadMode mode, std::int64_t position, std::int64_t kept) {
  const auto wrapped = [position](std::int64_t period) {
    const std::int64_t rest = position % period;
    return rest < 0 ? rest + period : rest;
  };
  switch (mode) {
    case PadMode::Wrap:
      return wrapped(kept);
    case PadMode::Reflect: {
      // There and back again, neither end twice.
      const std::int64_t phase = kept == 1 ? 0 : wrapped(2 * (kept - 1));
      return phase < kept ? phase : 2 * (kept - 1) - phase;
    }
    default:
      return std::clamp<std::int64_t>(position, 0, kept - 1);
  }
}

std::span<const Operator> pad_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
