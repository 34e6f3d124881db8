// What works on the whole of an axis: LayerNormalization, Softmax, ArgMax, Concat, Transpose.
#include <array>
#include <numeric>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/transpose.h"

namespace mtmi::cpu {
namespace {

/// Brings `axis` to the end.
std::vector<std::int64_t> axis_last(int rank, int axis) {
  std::vector<std::int64_t> perm;
  for (int i = 0; i < rank; ++i) {
    if (i != axis) {
      perm.push_back(i);
    }
  }
  perm.push_back(axis);
  return perm;
}

bool lower_layer_norm(Rewriter& r) {
  const ValueId x = r.input(0);
  const Shape shape = r.shape(x);
  const int axis = ops::normalized_axis(r.node().attributes.get_int("axis", -1), shape.rank());
  const auto fits = [&](std::size_t index) {
    return r.input(index) == kNoValue || r.shape(r.input(index)).num_elements() == shape[-1];
  };
  if (r.dtype(x) != DType::Float32 || axis != shape.rank() - 1 || r.node().outputs.size() != 1 ||
      !fits(1) || !fits(2)) {
    return false;
  }
  r.finish(r.emit("cpu.LayerNorm",
                  {x, r.input(1), r.input(2)},
                  {DType::Float32, shape},
                  {{"epsilon", r.node().attributes.get_float("epsilon", 1e-5F)}}));
  return true;
}

bool lower_softmax(Rewriter& r) {
  const ValueId x = r.input(0);
  const Shape shape = r.shape(x);
  if (r.dtype(x) != DType::Float32 || shape.rank() == 0 || shape.num_elements() == 0) {
    return false;
  }
  const int axis = ops::normalized_axis(r.node().attributes.get_int("axis", -1), shape.rank());
  if (axis == shape.rank() - 1) {
    r.finish(r.emit("cpu.Softmax", {x}, {DType::Float32, shape}));
    return true;
  }
  const auto perm = axis_last(shape.rank(), axis);
  const ValueId last = r.transpose(x, perm);
  const ValueId y = r.emit("cpu.Softmax", {last}, {DType::Float32, permuted(shape, perm)});
  r.finish(r.transpose(y, inverse(perm)));
  return true;
}

bool lower_arg_max(Rewriter& r) {
  const ValueId x = r.input(0);
  const Shape shape = r.shape(x);
  if (r.dtype(x) != DType::Float32 || shape.rank() == 0 || shape.num_elements() == 0 ||
      r.node().attributes.get_int("select_last_index", 0) != 0) {
    return false;
  }
  const int axis = ops::normalized_axis(r.node().attributes.get_int("axis", 0), shape.rank());
  const auto perm = axis_last(shape.rank(), axis);
  const ValueId last = axis == shape.rank() - 1 ? x : r.transpose(x, perm);
  std::vector<std::int64_t> extents = permuted(shape, perm).extents();
  extents.pop_back();
  const ValueId labels = r.emit("cpu.ArgMax", {last}, {DType::Int64, Shape(extents)});
  r.finish(r.view(labels, r.shape(r.node().outputs[0])));
  return true;
}

bool lower_concat(Rewriter& r) {
  const Shape dst = r.shape(r.node().outputs[0]);
  const int axis = ops::normalized_axis(r.node().attributes.get_int("axis", 0), dst.rank());
  r.finish(r.emit("cpu.Concat",
                  r.node().inputs,
                  {r.dtype(r.input(0)), dst},
                  {{"axis", static_cast<std::int64_t>(axis)}}));
  return true;
}

/// Only writes the order out, from the front: later passes know one form.
bool lower_transpose(Rewriter& r) {
  const int rank = r.shape(r.input(0)).rank();
  const std::vector<int> order = ops::transpose_permutation(r.node().attributes, rank);
  const std::vector<std::int64_t> perm(order.begin(), order.end());
  if (r.node().attributes.get_ints("perm") == perm) {
    return false;
  }
  r.finish(r.transpose(r.input(0), perm));
  return true;
}

}  // namespace

std::span<const NodeLowering> row_lowerings() {
  static constexpr std::array kTable{NodeLowering{"LayerNormalization", lower_layer_norm},
                                     NodeLowering{"Softmax", lower_softmax},
                                     NodeLowering{"ArgMax", lower_arg_max},
                                     NodeLowering{"Concat", lower_concat},
                                     NodeLowering{"Transpose", lower_transpose}};
  return kTable;
}

}  // namespace mtmi::cpu
