#include "mtmi/ops/pooling.h"

#include <array>
#include <string>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"
#include "mtmi/ops/sliding_windows.h"

namespace mtmi::ops {
namespace {

/// One window that covers the whole axis.
std::vector<Window> global_windows(std::span<const std::int64_t> in) {
  std::vector<Window> windows;
  for (const std::int64_t extent : in) {
    windows.push_back({.in = extent, .kernel = extent});
  }
  return windows;
}

TensorType pooled_type(const InferContext& context) {
  const TensorType& x = context.input(0);
  const PoolGeometry geometry = pool_geometry(context.node(), x.shape);
  return {x.dtype, windowed_shape(x.shape[0], x.shape[1], geometry.windows)};
}

std::vector<TensorType> infer_average(const InferContext& context) {
  require_floating_point(context.input(0).dtype);
  return {pooled_type(context)};
}

std::vector<TensorType> infer_max(const InferContext& context) {
  if (!is_floating_point(context.input(0).dtype)) {
    require_dtype_among(context, 0, {DType::Int8, DType::UInt8});
  }
  const TensorType dst = pooled_type(context);
  return {dst, {DType::Int64, dst.shape}};
}

constexpr std::array kOperators{
    Operator{"AveragePool", {1, 1}, {1, 1}, infer_average},
    Operator{"GlobalAveragePool", {1, 1}, {1, 1}, infer_average},
    Operator{"GlobalMaxPool", {1, 1}, {1, 1}, infer_max},
    Operator{"MaxPool", {1, 1}, {1, 2}, infer_max},
};

}  // namespace

PoolGeometry pool_geometry(const Node& node, const Shape& src) {
  require_rank(src, 3, 2 + kMaxSpatialRank, "a source");
  PoolGeometry geometry;
  geometry.planes = src[0] * src[1];
  const auto in = spatial_extents(src);
  if (node.op.starts_with("Global")) {
    for (const std::int64_t extent : in) {
      if (extent == 0) {
        refuse("a source of shape " + to_string(src), "spatial extents of 1 or more");
      }
    }
    geometry.windows = global_windows(in);
    return geometry;
  }
  geometry.windows = slide_windows(
      node.attributes,
      in,
      read_kernel_shape(node.attributes, in.size()),
      node.attributes.get_int("ceil_mode", 0) != 0 ? PartialWindows::Keep : PartialWindows::Drop);
  geometry.count_include_pad = node.attributes.get_int("count_include_pad", 0) != 0;
  geometry.column_major = node.attributes.get_int("storage_order", 0) != 0;
  return geometry;
}

std::span<const Operator> pooling_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
