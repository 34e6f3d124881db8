#include "mtmi/ops/matmul.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/broadcast.h"
#include "mtmi/kernels/matmul_ref.h"
#include "mtmi/kernels/saturate.h"

namespace mtmi::interp {
namespace {

/// f(std::type_identity<T>{}) with T = float, double, std::int32_t or std::int64_t.
template <class F>
void visit_matmul(DType dtype, F&& f) {
  if (dtype == DType::Int32) {
    f(std::type_identity<std::int32_t>{});
  } else if (dtype == DType::Int64) {
    f(std::type_identity<std::int64_t>{});
  } else {
    visit_wide(dtype, f);
  }
}

std::vector<Tensor> matmul(const EvaluateContext& c) {
  const ops::MatMulGeometry g = ops::matmul_geometry(c.input(0).shape(), c.input(1).shape());
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  const auto loop = kernels::broadcast_loop<2>(g.batch, {&g.batch_a, &g.batch_b});
  visit_matmul(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* const a = c.input(0).data<T>().data();
    const T* const b = c.input(1).data<T>().data();
    kernels::for_each_row(loop, [&](std::array<std::int64_t, 3> at) {
      for (std::int64_t i = 0; i < loop.extents.back(); ++i) {
        kernels::matmul_ref<T>(g.m,
                               g.k,
                               g.n,
                               1.0,
                               {.data = a + at[1] * g.m * g.k, .row_stride = g.k},
                               {.data = b + at[2] * g.k * g.n, .row_stride = g.n},
                               dst.data<T>().data() + at[0] * g.m * g.n);
        for (std::size_t tensor = 0; tensor < at.size(); ++tensor) {
          at[tensor] += loop.strides[tensor].back();
        }
      }
    });
  });
  return {dst};
}

template <class T>
kernels::MatrixView<T> matrix(const Tensor& tensor, bool transposed) {
  const std::int64_t columns = tensor.shape()[1];
  return {.data = tensor.data<T>().data(),
          .row_stride = transposed ? 1 : columns,
          .column_stride = transposed ? columns : 1};
}

std::vector<Tensor> gemm(const EvaluateContext& c) {
  const ops::GemmGeometry g =
      ops::gemm_geometry(c.node.attributes, c.input(0).shape(), c.input(1).shape());
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_matmul(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    T* const to = dst.data<T>().data();
    kernels::matmul_ref<T>(g.m,
                           g.k,
                           g.n,
                           static_cast<double>(g.alpha),
                           matrix<T>(c.input(0), g.transpose_a),
                           matrix<T>(c.input(1), g.transpose_b),
                           to);
    if (c.has_input(2)) {
      const auto beta = static_cast<double>(g.beta);
      const Shape& shape = dst.shape();
      kernels::map(kernels::broadcast_loop<2>(shape, {&shape, &c.input(2).shape()}),
                   to,
                   to,
                   c.input(2).data<T>().data(),
                   [beta](T product, T x) {
                     return kernels::saturate<T>(static_cast<double>(product) +
                                                 beta * static_cast<double>(x));
                   });
    }
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"Gemm", wide<gemm>},
    Evaluator{"MatMul", wide<matmul>},
};

}  // namespace

std::span<const Evaluator> matmul_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
