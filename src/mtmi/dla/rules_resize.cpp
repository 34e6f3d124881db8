// Resize.
#include <array>
#include <cmath>

#include <fmt/core.h>

#include "mtmi/dla/layer_rules.h"
#include "mtmi/ops/resize.h"

namespace mtmi::dla {
namespace {

// NvInfer.h of TensorRT 8.6 on the resize layer: four scales, the first two 1, the others integers;
// the limits of each mode, and which coordinates and roundings go together.
constexpr Limits kNearestFactor{1, 32};
constexpr Limits kLinearFactor{1, 4};
/// A linear resize is a repetition and averages over windows of the factor, which end at 8.
constexpr double kMaxPooledFactor = 8.0;
constexpr std::size_t kSizesInput = 3;

Support check_factor(const ops::ResizeAxis& axis, int index, ops::ResizeMode mode) {
  const bool linear = mode == ops::ResizeMode::Linear;
  const Limits limits = linear ? kLinearFactor : kNearestFactor;
  const double rounded = std::round(axis.scale);
  const bool whole = rounded == axis.scale;
  if (whole && rounded >= static_cast<double>(limits.min) &&
      rounded <= static_cast<double>(limits.max)) {
    return Support::yes();
  }
  const char* const advice =
      !whole    ? "resize by whole factors; a smaller map: Conv or AveragePool with a stride"
      : !linear ? "chain resizes of smaller factors (mtmi simplify --for dla)"
      : rounded <= kMaxPooledFactor
          ? "repeat and average, which is the same (mtmi simplify --for dla), or chain smaller "
            "factors, which is not (--approximate)"
          : "chain smaller factors, which is not the same (mtmi simplify --for dla --approximate)";
  return Support::no(
      linear ? "dla.resize.linear_factor" : "dla.resize.nearest_factor",
      fmt::format("factor of axis {}: got {:g}, expected a whole number from {} to {}",
                  index,
                  axis.scale,
                  limits.min,
                  limits.max),
      advice);
}

bool coordinates_are_supported(const ops::ResizeRule& rule) {
  const bool half_pixel = rule.coordinates == ops::CoordinateMode::HalfPixel;
  if (rule.mode == ops::ResizeMode::Linear) {
    return half_pixel;
  }
  const bool asymmetric = rule.coordinates == ops::CoordinateMode::Asymmetric;
  return (asymmetric && rule.nearest == ops::NearestMode::Floor) ||
         (half_pixel && (rule.nearest == ops::NearestMode::RoundPreferFloor ||
                         rule.nearest == ops::NearestMode::RoundPreferCeil));
}

Support check_coordinates(const Layer& layer, const ops::ResizeRule& rule) {
  if (coordinates_are_supported(rule)) {
    return Support::yes();
  }
  const std::string got =
      layer.attributes().get_string("coordinate_transformation_mode", "half_pixel");
  if (rule.mode == ops::ResizeMode::Linear) {
    return Support::no(
        "dla.resize.coordinates",
        fmt::format("coordinates of a linear resize: got {}, expected half_pixel", got),
        rule.coordinates == ops::CoordinateMode::PytorchHalfPixel
            ? "write half_pixel, the same where the result has more than one position (mtmi "
              "simplify)"
            : "train with half_pixel (align_corners = False)");
  }
  return Support::no(
      "dla.resize.coordinates",
      fmt::format(
          "coordinates of a nearest resize: got {} and {}, expected asymmetric and floor, or "
          "half_pixel and round_prefer_floor or round_prefer_ceil",
          got,
          layer.attributes().get_string("nearest_mode", "round_prefer_floor")),
      "for whole factors asymmetric and floor repeat each position");
}

Support check_resize(const Layer& layer) {
  if (layer.has_input(kSizesInput)) {
    return Support::no("dla.resize.sizes",
                       "extents of the result: got input 3 (sizes), expected input 2 (scales)",
                       "resize by scales; mtmi simplify does where that is exact");
  }
  const ops::ResizeGeometry geometry = ops::resize_geometry(layer.context());
  if (geometry.rule.mode == ops::ResizeMode::Cubic || geometry.rule.antialias) {
    return Support::no("dla.resize.mode",
                       fmt::format("mode: got {}, expected nearest or linear without antialias",
                                   layer.attributes().get_string("mode", "nearest")),
                       "resize linearly");
  }
  for (int axis = 0; axis < 2; ++axis) {
    if (geometry.axes[static_cast<std::size_t>(axis)].scale != 1.0) {
      return Support::no("dla.resize.axes",
                         fmt::format("factor of axis {}: got {:g}, expected 1",
                                     axis,
                                     geometry.axes[static_cast<std::size_t>(axis)].scale),
                         "resize height and width only");
    }
  }
  if (Support support = check_coordinates(layer, geometry.rule); !support) {
    return support;
  }
  for (int axis = 2; axis < 4; ++axis) {
    if (Support support =
            check_factor(geometry.axes[static_cast<std::size_t>(axis)], axis, geometry.rule.mode);
        !support) {
      return support;
    }
  }
  return Support::yes();
}

constexpr std::array kRules{
    LayerRule{"Resize", check_resize},
};

}  // namespace

std::span<const LayerRule> resize_rules() {
  return kRules;
}

}  // namespace mtmi::dla
