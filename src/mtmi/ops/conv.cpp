#include "mtmi/ops/conv.h"

#include <algorithm>
#include <array>
#include <string>

#include "mtmi/core/checked.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"
#include "mtmi/ops/sliding_windows.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_conv(const InferContext& context) {
  require_floating_point(context.input(0).dtype);
  require_dtype_of_first(context, {1, 2});
  const ConvGeometry geometry =
      conv_geometry(context.attributes(), context.input(0).shape, context.input(1).shape);
  require_shape(context, 2, Shape{geometry.groups * geometry.oc}, "a bias");
  return {{context.input(0).dtype, geometry.dst_shape()}};
}

std::vector<TensorType> infer_conv_transpose(const InferContext& context) {
  require_floating_point(context.input(0).dtype);
  require_dtype_of_first(context, {1, 2});
  const ConvTransposeGeometry geometry =
      conv_transpose_geometry(context.attributes(), context.input(0).shape, context.input(1).shape);
  require_shape(context, 2, Shape{geometry.groups * geometry.oc}, "a bias");
  return {{context.input(0).dtype, geometry.dst_shape()}};
}

constexpr std::array kOperators{
    Operator{"Conv", {2, 3}, {1, 1}, infer_conv},
    Operator{"ConvTranspose", {2, 3}, {1, 1}, infer_conv_transpose},
};

}  // namespace

Shape ConvGeometry::dst_shape() const {
  return windowed_shape(n, groups * oc, windows);
}

void require_kernel_of_weights(const Attributes& attributes, const Shape& weights) {
  const auto declared = attributes.get_ints("kernel_shape");
  const auto actual = spatial_extents(weights);
  if (!declared.empty() &&
      !std::equal(declared.begin(), declared.end(), actual.begin(), actual.end())) {
    refuse("kernel_shape " + list_of(declared), list_of(actual) + " as the weights have");
  }
}

ConvGeometry conv_geometry(const Attributes& attributes, const Shape& src, const Shape& weights) {
  require_rank(src, 3, 2 + kMaxSpatialRank, "a source");
  require_rank(weights, src.rank(), src.rank(), "weights");
  require_kernel_of_weights(attributes, weights);
  const std::int64_t groups = attributes.get_int("group", 1);
  if (groups < 1 || src[1] % groups != 0 || weights[0] % groups != 0) {
    refuse("group " + std::to_string(groups),
           "a divisor of " + std::to_string(src[1]) + " input and " + std::to_string(weights[0]) +
               " output channels");
  }
  if (weights[1] != src[1] / groups) {
    refuse("weights of shape " + to_string(weights),
           std::to_string(src[1] / groups) + " channels in their axis 1");
  }
  return {.n = src[0],
          .groups = groups,
          .ic = weights[1],
          .oc = weights[0] / groups,
          .windows = slide_windows(
              attributes, spatial_extents(src), spatial_extents(weights), PartialWindows::Drop)};
}

Shape ConvTransposeGeometry::dst_shape() const {
  std::vector<std::int64_t> extents{n, checked_mul(groups, oc)};
  for (const Window& window : windows) {
    extents.push_back(window.in);
  }
  return checked_shape(std::move(extents));
}

ConvTransposeGeometry conv_transpose_geometry(const Attributes& attributes,
                                              const Shape& src,
                                              const Shape& weights) {
  require_rank(src, 3, 2 + kMaxSpatialRank, "a source");
  require_rank(weights, src.rank(), src.rank(), "weights");
  require_kernel_of_weights(attributes, weights);
  if (weights[0] != src[1]) {
    refuse("weights of shape " + to_string(weights),
           std::to_string(src[1]) + " channels in their axis 0");
  }
  const std::int64_t groups = attributes.get_int("group", 1);
  if (groups < 1 || src[1] % groups != 0) {
    refuse("group " + std::to_string(groups),
           "a divisor of " + std::to_string(src[1]) + " input channels");
  }
  static_cast<void>(checked_mul(groups, weights[1]));
  return {.n = src[0],
          .groups = groups,
          .ic = src[1] / groups,
          .oc = weights[1],
          .windows = transpose_windows(attributes, spatial_extents(src), spatial_extents(weights))};
}

std::span<const Operator> conv_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
