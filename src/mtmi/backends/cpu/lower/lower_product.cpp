// MatMul, Gemm, Attention.
#include <array>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/ops/attention.h"
#include "mtmi/ops/matmul.h"

namespace mtmi::cpu {
namespace {

bool is_float(const Rewriter& r, std::size_t index) {
  return r.dtype(r.input(index)) == DType::Float32;
}

/// [..., m, k] times a constant [k, n].
bool lower_matmul(Rewriter& r) {
  const Shape a = r.shape(r.input(0));
  const Shape b = r.shape(r.input(1));
  if (!is_float(r, 0) || a.rank() < 2 || b.rank() < 2 || a.num_elements() == 0 ||
      b.num_elements() == 0) {
    return false;
  }
  const Shape dst = r.shape(r.node().outputs[0]);
  if (r.constant(1) && b.rank() == 2) {
    r.finish(r.emit("cpu.Linear", {r.input(0), r.input(1), kNoValue}, {DType::Float32, dst}));
    return true;
  }
  r.finish(r.emit("cpu.MatMul", {r.input(0), r.input(1)}, {DType::Float32, dst}));
  return true;
}

/// The constant [k, n] with alpha in it.
Tensor gemm_weights(const Tensor& b, const ops::GemmGeometry& g) {
  Tensor weights(DType::Float32, Shape{g.k, g.n});
  const auto from = b.data<float>();
  const auto to = weights.data<float>();
  for (std::int64_t k = 0; k < g.k; ++k) {
    for (std::int64_t n = 0; n < g.n; ++n) {
      const std::int64_t at = g.transpose_b ? n * g.k + k : k * g.n + n;
      to[static_cast<std::size_t>(k * g.n + n)] = g.alpha * from[static_cast<std::size_t>(at)];
    }
  }
  return weights;
}

bool lower_gemm(Rewriter& r) {
  const std::optional<Tensor> b = r.constant(1);
  if (!is_float(r, 0) || !b) {
    return false;
  }
  const ops::GemmGeometry g =
      ops::gemm_geometry(r.node().attributes, r.shape(r.input(0)), b->shape());
  const std::optional<Tensor> c = r.constant(2);
  const bool plain_bias = c && g.beta == 1.0F && c->num_elements() == g.n && c->shape()[-1] == g.n;
  if (g.transpose_a || (r.input(2) != kNoValue && !plain_bias)) {
    return false;
  }
  const ValueId weights = r.add_constant("weights", gemm_weights(*b, g));
  const ValueId bias =
      plain_bias ? r.add_constant("bias", c->reshaped(Shape{g.n})) : ValueId{kNoValue};
  r.finish(r.emit("cpu.Linear", {r.input(0), weights, bias}, {DType::Float32, Shape{g.m, g.n}}));
  return true;
}

/// Heads inside the tokens, as the projections around it write and read them.
bool lower_attention(Rewriter& r) {
  const std::vector<std::int64_t> swap{0, 2, 1, 3};
  const Shape q = r.shape(r.input(0));
  if (!is_float(r, 0) || q.rank() != 4) {
    return false;
  }
  std::vector<ValueId> inputs;
  for (std::size_t i = 0; i < 3; ++i) {
    inputs.push_back(r.transpose(r.input(i), swap));
  }
  const Shape dst = permuted(r.shape(r.node().outputs[0]), swap);
  const ValueId y = r.emit("cpu.Attention",
                           std::move(inputs),
                           {DType::Float32, dst},
                           {{"scale", r.node().attributes.get_float("scale", 1.0F)}});
  r.finish(r.transpose(y, swap));
  return true;
}

}  // namespace

std::span<const NodeLowering> product_lowerings() {
  static constexpr std::array kTable{NodeLowering{"MatMul", lower_matmul},
                                     NodeLowering{"Gemm", lower_gemm},
                                     NodeLowering{"Attention", lower_attention}};
  return kTable;
}

}  // namespace mtmi::cpu
