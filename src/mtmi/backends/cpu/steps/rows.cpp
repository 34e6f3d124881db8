// cpu.LayerNorm, cpu.Softmax, cpu.ArgMax: over the last axis.
#include <algorithm>
#include <cstring>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::cpu {
namespace {

using kernels::FastKernels;

constexpr std::int64_t kPieceFloats = 1 << 14;

/// A tensor as rows of its last axis.
struct Rows {
  std::int64_t width = 1;
  Pieces pieces;

  explicit Rows(const Shape& shape) : width(shape.rank() == 0 ? 1 : shape[-1]) {
    const std::int64_t each = std::max<std::int64_t>(width, 1);
    pieces = {.count = shape.num_elements() / each,
              .piece = std::max<std::int64_t>(1, kPieceFloats / each)};
  }
};

class LayerNormStep final : public Step {
 public:
  LayerNormStep(const NodeReader& node, const FastKernels& kernels)
      : run_(kernels.layer_norm),
        src_(node.input(0)),
        gamma_(node.input(1)),
        beta_(node.input(2)),
        dst_(node.output()),
        epsilon_(node.attributes().get_float("epsilon", 1e-5F)),
        rows_(node.shape(node.output())) {
    node.require_inputs(1);
    node.require_elements(0, node.shape(dst_).num_elements(), "the output has another size");
    node.require_elements(1, rows_.width, "the scale has another size");
    node.require_elements(2, rows_.width, "the bias has another size");
  }

  void run(const Frame& frame) const override {
    frame.parallel(rows_.pieces.number(), [&](std::int64_t i, std::byte*) {
      const std::int64_t begin = rows_.pieces.begin(i);
      run_({.src = frame.data<const float>(src_) + begin * rows_.width,
            .dst = frame.data<float>(dst_) + begin * rows_.width,
            .rows = rows_.pieces.end(i) - begin,
            .width = rows_.width,
            .gamma = frame.optional<const float>(gamma_),
            .beta = frame.optional<const float>(beta_),
            .epsilon = epsilon_});
    });
  }

 private:
  kernels::LayerNormFn run_;
  ValueId src_;
  ValueId gamma_;
  ValueId beta_;
  ValueId dst_;
  float epsilon_;
  Rows rows_;
};

class SoftmaxStep final : public Step {
 public:
  SoftmaxStep(const NodeReader& node, const FastKernels& kernels)
      : run_(kernels.softmax),
        src_(node.input(0)),
        dst_(node.output()),
        rows_(node.shape(node.output())) {
    node.require_inputs(1);
    node.require_elements(0, node.shape(dst_).num_elements(), "the output has another size");
  }

  void run(const Frame& frame) const override {
    frame.parallel(rows_.pieces.number(), [&](std::int64_t i, std::byte*) {
      const std::int64_t begin = rows_.pieces.begin(i);
      const std::int64_t count = rows_.pieces.end(i) - begin;
      float* dst = frame.data<float>(dst_) + begin * rows_.width;
      std::memcpy(dst,
                  frame.data<const float>(src_) + begin * rows_.width,
                  static_cast<std::size_t>(count * rows_.width) * sizeof(float));
      run_({.data = dst, .rows = count, .width = rows_.width, .stride = rows_.width});
    });
  }

 private:
  kernels::SoftmaxFn run_;
  ValueId src_;
  ValueId dst_;
  Rows rows_;
};

/// The first of equal ones. Selects instead of branching: which score wins cannot be foretold.
std::int64_t index_of_largest(const float* row, std::int64_t width) {
  float best = row[0];
  std::int64_t index = 0;
  for (std::int64_t i = 1; i < width; ++i) {
    const bool larger = row[i] > best;
    best = larger ? row[i] : best;
    index = larger ? i : index;
  }
  return index;
}

class ArgMaxStep final : public Step {
 public:
  explicit ArgMaxStep(const NodeReader& node)
      : src_(node.input(0)), dst_(node.output()), rows_(node.shape(node.input(0))) {
    node.require_inputs(1);
    node.require(rows_.width >= 1, "the axis is empty");
    node.require(node.shape(dst_).num_elements() == rows_.pieces.count,
                 "the output has another size");
  }

  void run(const Frame& frame) const override {
    frame.parallel(rows_.pieces.number(), [&](std::int64_t i, std::byte*) {
      for (std::int64_t r = rows_.pieces.begin(i); r < rows_.pieces.end(i); ++r) {
        frame.data<std::int64_t>(dst_)[r] =
            index_of_largest(frame.data<const float>(src_) + r * rows_.width, rows_.width);
      }
    });
  }

 private:
  ValueId src_;
  ValueId dst_;
  Rows rows_;
};

}  // namespace

std::unique_ptr<Step> make_layer_norm_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<LayerNormStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

std::unique_ptr<Step> make_softmax_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<SoftmaxStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

std::unique_ptr<Step> make_arg_max_step(const Graph& graph, NodeId id, Isa /*isa*/) {
  return std::make_unique<ArgMaxStep>(NodeReader(graph, id));
}

}  // namespace mtmi::cpu
