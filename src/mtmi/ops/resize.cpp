#include "mtmi/ops/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

// --- reading the node ---------------------------------------------------------------------------

template <class Enum>
using Choice = std::pair<std::string_view, Enum>;

constexpr std::array kModes{Choice<ResizeMode>{"nearest", ResizeMode::Nearest},
                            Choice<ResizeMode>{"linear", ResizeMode::Linear},
                            Choice<ResizeMode>{"cubic", ResizeMode::Cubic}};

constexpr std::array kCoordinateModes{
    Choice<CoordinateMode>{"half_pixel", CoordinateMode::HalfPixel},
    Choice<CoordinateMode>{"half_pixel_symmetric", CoordinateMode::HalfPixelSymmetric},
    Choice<CoordinateMode>{"pytorch_half_pixel", CoordinateMode::PytorchHalfPixel},
    Choice<CoordinateMode>{"align_corners", CoordinateMode::AlignCorners},
    Choice<CoordinateMode>{"asymmetric", CoordinateMode::Asymmetric},
    Choice<CoordinateMode>{"tf_crop_and_resize", CoordinateMode::TfCropAndResize}};

constexpr std::array kNearestModes{
    Choice<NearestMode>{"round_prefer_floor", NearestMode::RoundPreferFloor},
    Choice<NearestMode>{"round_prefer_ceil", NearestMode::RoundPreferCeil},
    Choice<NearestMode>{"floor", NearestMode::Floor},
    Choice<NearestMode>{"ceil", NearestMode::Ceil}};

template <class Enum, std::size_t N>
Enum read_choice(const Attributes& attributes,
                 std::string_view name,
                 const std::array<Choice<Enum>, N>& choices) {
  const std::string got = attributes.get_string(name, choices[0].first);
  std::string expected;
  for (const auto& [text, value] : choices) {
    if (got == text) {
      return value;
    }
    expected += (expected.empty() ? "" : " or ") + std::string(text);
  }
  refuse(std::string(name) + " '" + got + "'", expected);
}

ResizeRule read_rule(const Attributes& attributes) {
  ResizeRule rule{
      .mode = read_choice(attributes, "mode", kModes),
      .coordinates = read_choice(attributes, "coordinate_transformation_mode", kCoordinateModes),
      .nearest = read_choice(attributes, "nearest_mode", kNearestModes),
      .cubic_a = static_cast<double>(attributes.get_float("cubic_coeff_a", -0.75F)),
      .exclude_outside = attributes.get_int("exclude_outside", 0) != 0,
      .antialias = attributes.get_int("antialias", 0) != 0,
      .extrapolation_value = static_cast<double>(attributes.get_float("extrapolation_value", 0.0F)),
  };
  rule.antialias = rule.antialias && rule.mode != ResizeMode::Nearest;
  return rule;
}

/// Input `index` as numbers; empty where it is left out or empty.
std::vector<double> read_numbers(const InferContext& context, int index, std::string_view role) {
  if (!context.has_input(index) || context.input(index).shape.num_elements() == 0) {
    return {};
  }
  return context.constant_floats(index, role);
}

void require_count(std::size_t got, std::size_t expected, const std::string& role) {
  if (got != expected) {
    refuse(std::to_string(got) + " " + role, std::to_string(expected));
  }
}

// --- sizes --------------------------------------------------------------------------------------

/// floor(in * extent of the region * scale), in float as every framework computes it.
std::int64_t scaled_extent(const ResizeRule& rule, const ResizeAxis& axis) {
  const bool crops = rule.coordinates == CoordinateMode::TfCropAndResize;
  const auto region = static_cast<float>(crops ? axis.roi_end - axis.roi_begin : 1.0);
  const float out =
      std::floor(static_cast<float>(axis.in) * region * static_cast<float>(axis.scale));
  if (!(out >= 0.0F && out < 0x1p60F)) {
    refuse("a scale that makes an extent of " + std::to_string(out), "a size from 0 to 2^60");
  }
  return static_cast<std::int64_t>(out);
}

void apply_scales(const ResizeRule& rule,
                  std::span<const double> scales,
                  std::span<const int> axes,
                  ResizeGeometry& geometry) {
  require_count(scales.size(), axes.size(), "scales");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    ResizeAxis& axis = geometry.axes[static_cast<std::size_t>(axes[i])];
    if (!std::isfinite(scales[i]) || scales[i] <= 0.0) {
      refuse("a scale of " + std::to_string(scales[i]), "a finite number > 0");
    }
    axis.scale = scales[i];
    axis.out = scaled_extent(rule, axis);
  }
}

/// The one scale of policy not_larger or not_smaller.
double common_scale(bool not_larger, std::span<const ResizeAxis* const> axes) {
  double scale = not_larger ? std::numeric_limits<double>::infinity() : 0.0;
  for (const ResizeAxis* axis : axes) {
    const double own = static_cast<double>(axis->out) / static_cast<double>(axis->in);
    scale = not_larger ? std::min(scale, own) : std::max(scale, own);
  }
  return scale;
}

void apply_sizes(const Attributes& attributes,
                 std::span<const std::int64_t> sizes,
                 std::span<const int> axes,
                 ResizeGeometry& geometry) {
  require_count(sizes.size(), axes.size(), "sizes");
  std::vector<ResizeAxis*> resized;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    ResizeAxis& axis = geometry.axes[static_cast<std::size_t>(axes[i])];
    if (sizes[i] < 0 || (axis.in == 0) != (sizes[i] == 0)) {
      refuse("sizes " + list_of(sizes), "sizes > 0 where the source has elements, 0 elsewhere");
    }
    axis.out = sizes[i];
    axis.scale = axis.in == 0 ? 1.0 : static_cast<double>(axis.out) / static_cast<double>(axis.in);
    if (axis.in != 0) {
      resized.push_back(&axis);
    }
  }
  const std::string policy = attributes.get_string("keep_aspect_ratio_policy", "stretch");
  require_choice("keep_aspect_ratio_policy", policy, {"stretch", "not_larger", "not_smaller"});
  if (policy == "stretch") {
    return;
  }
  const double scale = common_scale(policy == "not_larger", {resized.data(), resized.size()});
  for (ResizeAxis* axis : resized) {
    const double out = std::floor(scale * static_cast<double>(axis->in) + 0.5);
    if (!(out < 0x1p60)) {
      refuse("a size that makes an extent of " + std::to_string(out), "a size up to 2^60");
    }
    axis->out = static_cast<std::int64_t>(out);
    axis->scale = scale;
  }
}

void apply_roi(std::span<const double> roi, std::span<const int> axes, ResizeGeometry& geometry) {
  require_count(roi.size(), 2 * axes.size(), "values of roi");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    ResizeAxis& axis = geometry.axes[static_cast<std::size_t>(axes[i])];
    axis.roi_begin = roi[i];
    axis.roi_end = roi[axes.size() + i];
    if (!std::isfinite(axis.roi_begin) || !std::isfinite(axis.roi_end)) {
      refuse("a roi that is not finite", "finite numbers");
    }
  }
}

/// An antialiasing filter covers 1 / scale elements: that must stay in proportion to the source.
void require_computable(const ResizeGeometry& geometry) {
  for (const ResizeAxis& axis : geometry.axes) {
    if (axis.out > 0 && axis.in == 0) {
      refuse("an axis of extent 0 to be resized to " + std::to_string(axis.out),
             "a source with elements");
    }
    if (geometry.rule.antialias && axis.out > 0 &&
        axis.scale * static_cast<double>(axis.in) < 0.25) {
      refuse("antialias with a scale of " + std::to_string(axis.scale) + " over " +
                 std::to_string(axis.in) + " elements",
             "a scale of at least a quarter of one output");
    }
  }
}

std::vector<TensorType> infer_resize(const InferContext& context) {
  const TensorType& x = context.input(0);
  const ResizeGeometry geometry = resize_geometry(context);
  if (geometry.rule.mode != ResizeMode::Nearest) {
    require_numeric(x.dtype);
  }
  return {{x.dtype, geometry.dst_shape()}};
}

constexpr std::array kOperators{
    Operator{"Resize", {1, 4}, {1, 1}, infer_resize},
};

// --- taps ---------------------------------------------------------------------------------------

std::int64_t clamp_index(double index, std::int64_t in) {
  return static_cast<std::int64_t>(std::clamp(index, 0.0, static_cast<double>(in - 1)));
}

double nearest_index(NearestMode mode, double x) {
  switch (mode) {
    case NearestMode::RoundPreferFloor:
      return std::ceil(x - 0.5);
    case NearestMode::RoundPreferCeil:
      return std::floor(x + 0.5);
    case NearestMode::Floor:
      return std::floor(x);
    case NearestMode::Ceil:
      break;
  }
  return std::ceil(x);
}

/// The filter at distance `x`: a triangle, or Keys' cubic (1981, equation 4) with its parameter a.
double filter_value(const ResizeRule& rule, double x) {
  x = std::abs(x);
  if (rule.mode == ResizeMode::Linear) {
    return std::max(0.0, 1.0 - x);
  }
  const double a = rule.cubic_a;
  if (x <= 1.0) {
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  }
  return x < 2.0 ? ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a : 0.0;
}

/// Every source index under the filter centred at `x`. Indices beyond the border repeat its value.
ResizeTaps filter_taps(const ResizeRule& rule, const ResizeAxis& axis, double x) {
  const double shrink = rule.antialias ? std::min(axis.scale, 1.0) : 1.0;
  const double radius = (rule.mode == ResizeMode::Linear ? 1.0 : 2.0) / shrink;
  ResizeTaps taps;
  double sum = 0.0;
  for (double i = std::ceil(x - radius); i <= std::floor(x + radius); i += 1.0) {
    const bool outside = i < 0.0 || i >= static_cast<double>(axis.in);
    const double weight = filter_value(rule, (i - x) * shrink);
    if (weight == 0.0 || (outside && rule.exclude_outside)) {
      continue;
    }
    taps.indices.push_back(clamp_index(i, axis.in));
    taps.weights.push_back(weight);
    sum += weight;
  }
  if (rule.antialias || rule.exclude_outside) {
    for (double& weight : taps.weights) {
      weight /= sum;
    }
  }
  return taps;
}

}  // namespace

Shape ResizeGeometry::dst_shape() const {
  std::vector<std::int64_t> extents;
  for (const ResizeAxis& axis : axes) {
    extents.push_back(axis.out);
  }
  return checked_shape(std::move(extents));
}

ResizeGeometry resize_geometry(const InferContext& context) {
  const Shape& src = context.input(0).shape;
  ResizeGeometry geometry{.rule = read_rule(context.attributes()), .axes = {}};
  std::vector<std::int64_t> given = context.attributes().get_ints("axes");
  for (int axis = 0; axis < src.rank(); ++axis) {
    geometry.axes.push_back({.in = src[axis], .out = src[axis]});
    if (!context.attributes().has("axes")) {
      given.push_back(axis);
    }
  }
  const std::vector<int> axes = normalized_axes(given, src.rank());
  if (geometry.rule.coordinates == CoordinateMode::TfCropAndResize) {
    apply_roi(read_numbers(context, 1, "roi"), axes, geometry);
  }
  const std::vector<double> scales = read_numbers(context, 2, "scales");
  const bool has_sizes =
      context.has_input(3) && (scales.empty() || context.input(3).shape.num_elements() != 0);
  if (scales.empty() == !has_sizes && !axes.empty()) {
    refuse(has_sizes ? "both scales and sizes" : "neither scales nor sizes", "one of them");
  }
  if (has_sizes) {
    apply_sizes(context.attributes(), context.constant_ints(3, "sizes"), axes, geometry);
  } else {
    apply_scales(geometry.rule, scales, axes, geometry);
  }
  require_computable(geometry);
  return geometry;
}

double resize_coordinate(CoordinateMode mode, const ResizeAxis& axis, std::int64_t o) {
  const auto x = static_cast<double>(o);
  const auto in = static_cast<double>(axis.in);
  const auto out = static_cast<double>(axis.out);
  const double exact_out = axis.scale * in;  // `out` before it was rounded
  const double half_pixel = (x + 0.5) / axis.scale - 0.5;
  switch (mode) {
    case CoordinateMode::HalfPixel:
      return half_pixel;
    case CoordinateMode::HalfPixelSymmetric:
      return half_pixel + in / 2.0 * (1.0 - out / exact_out);
    case CoordinateMode::PytorchHalfPixel:
      return axis.out > 1 ? half_pixel : 0.0;
    case CoordinateMode::AlignCorners:
      return axis.out > 1 ? x * (in - 1.0) / (exact_out - 1.0) : 0.0;
    case CoordinateMode::Asymmetric:
      return x / axis.scale;
    case CoordinateMode::TfCropAndResize:
      break;
  }
  const double first = axis.roi_begin * (in - 1.0);
  const double last = axis.roi_end * (in - 1.0);
  return axis.out > 1 ? first + x * (last - first) / (out - 1.0) : 0.5 * (first + last);
}

ResizeTaps resize_taps(const ResizeRule& rule, const ResizeAxis& axis, std::int64_t o) {
  const double x = resize_coordinate(rule.coordinates, axis, o);
  if (rule.coordinates == CoordinateMode::TfCropAndResize &&
      !(x >= 0.0 && x <= static_cast<double>(axis.in - 1))) {
    return {.indices = {}, .weights = {}, .offset = rule.extrapolation_value};
  }
  if (rule.mode == ResizeMode::Nearest) {
    return {.indices = {clamp_index(nearest_index(rule.nearest, x), axis.in)}, .weights = {1.0}};
  }
  return filter_taps(rule, axis, x);
}

bool is_identity(const ResizeRule& rule, const ResizeAxis& axis) {
  const bool whole = rule.coordinates != CoordinateMode::TfCropAndResize ||
                     (axis.roi_begin == 0.0 && axis.roi_end == 1.0);
  return axis.in == axis.out && axis.scale == 1.0 && whole;
}

std::span<const Operator> resize_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
