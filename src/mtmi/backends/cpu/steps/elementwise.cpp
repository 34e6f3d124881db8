// cpu.Activation and cpu.Binary.
#include <algorithm>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::cpu {
namespace {

using kernels::BinaryForm;
using kernels::FastKernels;

constexpr std::int64_t kPieceFloats = 1 << 14;

class ActivationStep final : public Step {
 public:
  ActivationStep(const NodeReader& node, const FastKernels& kernels)
      : activate_(kernels.activate),
        src_(node.input(0)),
        dst_(node.output()),
        spec_(node.epilogue().first) {
    node.require_inputs(1);
    const std::int64_t count = node.shape(dst_).num_elements();
    node.require(node.shape(src_).num_elements() == count, "the output has another size");
    pieces_ = {.count = count, .piece = kPieceFloats};
  }

  void run(const Frame& frame) const override {
    frame.parallel(pieces_.number(), [&](std::int64_t i, std::byte*) {
      const std::int64_t begin = pieces_.begin(i);
      activate_(spec_,
                frame.data<const float>(src_) + begin,
                frame.data<float>(dst_) + begin,
                pieces_.end(i) - begin);
    });
  }

 private:
  kernels::ActivateFn activate_;
  ValueId src_;
  ValueId dst_;
  kernels::ActivationSpec spec_;
  Pieces pieces_;
};

/// One axis of a broadcast operation; a stride of 0 repeats the operand.
struct Axis {
  std::int64_t extent;
  std::int64_t a;
  std::int64_t b;
};

/// The strides of an operand over the axes of the result, aligned at the innermost.
std::vector<std::int64_t> broadcast_strides(const Shape& operand, const Shape& dst) {
  std::vector<std::int64_t> strides(dst.extents().size(), 0);
  const int offset = dst.rank() - operand.rank();
  std::int64_t stride = 1;
  for (int axis = operand.rank() - 1; axis >= 0; --axis) {
    if (operand[axis] != 1) {
      strides[static_cast<std::size_t>(axis + offset)] = stride;
    }
    stride *= operand[axis];
  }
  return strides;
}

/// As few axes as have the same effect, outermost first; at least one.
std::vector<Axis> merged_axes(const Shape& a, const Shape& b, const Shape& dst) {
  const auto a_strides = broadcast_strides(a, dst);
  const auto b_strides = broadcast_strides(b, dst);
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < a_strides.size(); ++i) {
    const std::int64_t extent = dst.extents()[i];
    if (extent == 1) {
      continue;
    }
    const bool continues = !axes.empty() && axes.back().a == extent * a_strides[i] &&
                           axes.back().b == extent * b_strides[i];
    if (continues) {
      axes.back() = {axes.back().extent * extent, a_strides[i], b_strides[i]};
    } else {
      axes.push_back({extent, a_strides[i], b_strides[i]});
    }
  }
  if (axes.empty()) {
    axes.push_back({dst.num_elements(), 1, 1});
  }
  return axes;
}

class BinaryStep final : public Step {
 public:
  BinaryStep(const NodeReader& node, const FastKernels& kernels)
      : binary_(kernels.binary), a_(node.input(0)), b_(node.input(1)), dst_(node.output()) {
    node.require_inputs(2);
    const std::int64_t op = node.attributes().get_int("op", -1);
    node.require(op >= 0 && op <= static_cast<std::int64_t>(kernels::BinaryOp::Max),
                 "the operation is unknown");
    op_ = static_cast<kernels::BinaryOp>(op);
    const Shape a = node.shape(a_);
    const Shape b = node.shape(b_);
    const Shape dst = node.shape(dst_);
    node.require(broadcasts(a, dst) && broadcasts(b, dst), "the operands do not fit");
    axes_ = merged_axes(a, b, dst);
    row_ = axes_.back();
    axes_.pop_back();
    form_ = row_.a == 0   ? BinaryForm::FirstIsScalar
            : row_.b == 0 ? BinaryForm::SecondIsScalar
                          : BinaryForm::Rows;
    const std::int64_t rows = row_.extent == 0 ? 0 : dst.num_elements() / row_.extent;
    rows_ = {
        .count = rows,
        .piece = std::max<std::int64_t>(1, kPieceFloats / std::max<std::int64_t>(row_.extent, 1))};
    columns_ = {.count = row_.extent, .piece = kPieceFloats};
  }

  void run(const Frame& frame) const override {
    const std::int64_t per_row = columns_.number();
    frame.parallel(rows_.number() * per_row, [&](std::int64_t i, std::byte*) {
      const std::int64_t begin = columns_.begin(i % per_row);
      const std::int64_t n = columns_.end(i % per_row) - begin;
      for (std::int64_t r = rows_.begin(i / per_row); r < rows_.end(i / per_row); ++r) {
        const auto [a, b] = offsets(r);
        binary_(op_,
                form_,
                frame.data<const float>(a_) + a + begin * row_.a,
                frame.data<const float>(b_) + b + begin * row_.b,
                frame.data<float>(dst_) + r * row_.extent + begin,
                n);
      }
    });
  }

 private:
  static bool broadcasts(const Shape& operand, const Shape& dst) {
    const int offset = dst.rank() - operand.rank();
    bool fits = offset >= 0;
    for (int axis = 0; fits && axis < operand.rank(); ++axis) {
      fits = operand[axis] == 1 || operand[axis] == dst[axis + offset];
    }
    return fits;
  }

  struct Offsets {
    std::int64_t a = 0;
    std::int64_t b = 0;
  };

  [[nodiscard]] Offsets offsets(std::int64_t row) const {
    Offsets at;
    for (std::size_t axis = axes_.size(); axis-- > 0;) {
      const std::int64_t index = row % axes_[axis].extent;
      row /= axes_[axis].extent;
      at.a += index * axes_[axis].a;
      at.b += index * axes_[axis].b;
    }
    return at;
  }

  kernels::BinaryFn binary_;
  ValueId a_;
  ValueId b_;
  ValueId dst_;
  kernels::BinaryOp op_ = kernels::BinaryOp::Add;
  BinaryForm form_ = BinaryForm::Rows;
  std::vector<Axis> axes_;  // all but the innermost
  Axis row_{};
  Pieces rows_;
  Pieces columns_;
};

}  // namespace

std::unique_ptr<Step> make_activation_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<ActivationStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

std::unique_ptr<Step> make_binary_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<BinaryStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

}  // namespace mtmi::cpu
