#include "mtmi/ops/matmul.h"

#include <array>
#include <string>

#include "mtmi/ops/broadcast.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

constexpr std::initializer_list<DType> kMatMulTypes{
    DType::Float32, DType::Float16, DType::BFloat16, DType::Float64, DType::Int32, DType::Int64};

Shape without_last(const Shape& shape, int count) {
  const auto& extents = shape.extents();
  return Shape(std::vector<std::int64_t>(extents.begin(), extents.end() - count));
}

std::vector<TensorType> infer_matmul(const InferContext& context) {
  require_dtype_among(context, 0, kMatMulTypes);
  require_dtype_of_first(context, {1});
  return {{context.input(0).dtype,
           matmul_geometry(context.input(0).shape, context.input(1).shape).dst}};
}

std::vector<TensorType> infer_gemm(const InferContext& context) {
  require_dtype_among(context, 0, kMatMulTypes);
  require_dtype_of_first(context, {1, 2});
  const GemmGeometry geometry =
      gemm_geometry(context.attributes(), context.input(0).shape, context.input(1).shape);
  const Shape dst = checked_shape({geometry.m, geometry.n});
  if (context.has_input(2) && broadcast(context.input(2).shape, dst) != dst) {
    refuse("C of shape " + to_string(context.input(2).shape),
           "one that broadcasts to " + to_string(dst));
  }
  return {{context.input(0).dtype, dst}};
}

constexpr std::array kOperators{
    Operator{"Gemm", {2, 3}, {1, 1}, infer_gemm},
    Operator{"MatMul", {2, 2}, {1, 1}, infer_matmul},
};

}  // namespace

MatMulGeometry matmul_geometry(const Shape& a, const Shape& b) {
  if (a.rank() < 1 || b.rank() < 1) {
    refuse("shapes " + to_string(a) + " and " + to_string(b), "no scalar");
  }
  MatMulGeometry geometry;
  geometry.batch_a = without_last(a, std::min(a.rank(), 2));
  geometry.batch_b = without_last(b, std::min(b.rank(), 2));
  geometry.batch = broadcast(geometry.batch_a, geometry.batch_b);
  geometry.m = a.rank() >= 2 ? a[-2] : 1;
  geometry.k = a[-1];
  geometry.n = b.rank() >= 2 ? b[-1] : 1;
  if ((b.rank() >= 2 ? b[-2] : b[-1]) != geometry.k) {
    refuse("shapes " + to_string(a) + " and " + to_string(b),
           "as many columns on the left as rows on the right");
  }
  std::vector<std::int64_t> dst = geometry.batch.extents();
  if (a.rank() >= 2) {
    dst.push_back(geometry.m);
  }
  if (b.rank() >= 2) {
    dst.push_back(geometry.n);
  }
  geometry.dst = checked_shape(std::move(dst));
  return geometry;
}

GemmGeometry gemm_geometry(const Attributes& attributes, const Shape& a, const Shape& b) {
  require_rank(a, 2, 2, "A");
  require_rank(b, 2, 2, "B");
  GemmGeometry geometry{.transpose_a = attributes.get_int("transA", 0) != 0,
                        .transpose_b = attributes.get_int("transB", 0) != 0,
                        .alpha = attributes.get_float("alpha", 1.0F),
                        .beta = attributes.get_float("beta", 1.0F)};
  geometry.m = a[geometry.transpose_a ? 1 : 0];
  geometry.k = a[geometry.transpose_a ? 0 : 1];
  geometry.n = b[geometry.transpose_b ? 0 : 1];
  if (b[geometry.transpose_b ? 1 : 0] != geometry.k) {
    refuse("A of shape " + to_string(a) + " and B of shape " + to_string(b),
           "as many columns on the left as rows on the right (after transposing)");
  }
  return geometry;
}

std::span<const Operator> matmul_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
