// cpu.Concat and Transpose: elements move and stay what they are.
#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/transpose.h"

namespace mtmi::cpu {
namespace {

class ConcatStep final : public Step {
 public:
  ConcatStep(const NodeReader& node, const Graph& graph, NodeId id) : dst_(node.output()) {
    const TensorType dst = graph.type(dst_);
    const auto axis = static_cast<int>(node.attributes().get_int("axis", 0));
    node.require(axis >= 0 && axis < dst.shape.rank(), "the axis is outside");
    std::int64_t inner = static_cast<std::int64_t>(size_of(dst.dtype));
    std::int64_t outer = 1;
    for (int i = 0; i < dst.shape.rank(); ++i) {
      (i < axis ? outer : inner) *= i == axis ? 1 : dst.shape[i];
    }
    std::int64_t total = 0;
    for (const ValueId input : graph.node(id).inputs) {
      node.require(input != kNoValue && graph.type(input).dtype == dst.dtype,
                   "an input has another type");
      const Shape shape = graph.type(input).shape;
      node.require(shape.rank() == dst.shape.rank() &&
                       shape.num_elements() * static_cast<std::int64_t>(size_of(dst.dtype)) ==
                           outer * inner * shape[axis],
                   "an input does not fit");
      parts_.push_back({input, total * inner, shape[axis] * inner});
      total += shape[axis];
    }
    node.require(total == dst.shape[axis], "the inputs do not add up");
    row_bytes_ = total * inner;
    rows_ = host::cut(outer, row_bytes_, 1 << 17);
  }

  void run(const Frame& frame) const override {
    frame.parallel(rows_.number(), [&](std::int64_t i, std::byte*) {
      for (const Part& part : parts_) {
        for (std::int64_t r = rows_.begin(i); r < rows_.end(i); ++r) {
          std::memcpy(frame.bytes(dst_) + r * row_bytes_ + part.offset,
                      frame.bytes(part.src) + r * part.bytes,
                      static_cast<std::size_t>(part.bytes));
        }
      }
    });
  }

 private:
  /// One input's piece of each row of the output [bytes].
  struct Part {
    ValueId src;
    std::int64_t offset;
    std::int64_t bytes;
  };

  ValueId dst_;
  std::vector<Part> parts_;
  std::int64_t row_bytes_ = 0;
  Pieces rows_;
};

/// Any permutation as pairs of innermost axes: one that is innermost in the source and one in the
/// result, walked in squares so that both sides are read and written by the line.
class TransposeStep final : public Step {
 public:
  TransposeStep(const NodeReader& node, const Graph& graph)
      : src_(node.input(0)), dst_(node.output()) {
    node.require(src_ != kNoValue, "it has no input");
    const TensorType src = graph.type(src_);
    const auto perm = node.attributes().get_ints("perm");
    const int rank = src.shape.rank();
    std::vector<bool> seen(static_cast<std::size_t>(rank), false);
    node.require(static_cast<int>(perm.size()) == rank && graph.type(dst_).dtype == src.dtype,
                 "perm does not fit");
    std::vector<std::int64_t> strides(static_cast<std::size_t>(rank), 1);
    for (int axis = rank - 2; axis >= 0; --axis) {
      strides[static_cast<std::size_t>(axis)] =
          strides[static_cast<std::size_t>(axis + 1)] * src.shape[axis + 1];
    }
    for (int axis = 0; axis < rank; ++axis) {
      const std::int64_t from = perm[static_cast<std::size_t>(axis)];
      node.require(from >= 0 && from < rank && !seen[static_cast<std::size_t>(from)] &&
                       graph.type(dst_).shape[axis] == src.shape[static_cast<int>(from)],
                   "perm does not fit");
      seen[static_cast<std::size_t>(from)] = true;
      add_axis({src.shape[static_cast<int>(from)], strides[static_cast<std::size_t>(from)]});
    }
    element_ = size_of(src.dtype);
    plan();
  }

  void run(const Frame& frame) const override {
    frame.parallel(rows_.number(), [&](std::int64_t i, std::byte*) {
      switch (element_) {
        case 1:
          return run_rows<std::uint8_t>(frame, i);
        case 2:
          return run_rows<std::uint16_t>(frame, i);
        case 4:
          return run_rows<std::uint32_t>(frame, i);
        default:
          return run_rows<std::uint64_t>(frame, i);
      }
    });
  }

 private:
  static constexpr std::int64_t kBand = 16;

  /// One axis of the result and where it goes in the source [elements].
  struct Axis {
    std::int64_t extent;
    std::int64_t stride;
  };

  /// Neighbours in both source and result become one.
  void add_axis(Axis axis) {
    if (axis.extent == 1) {
      return;
    }
    if (!axes_.empty() && axes_.back().stride == axis.stride * axis.extent) {
      axes_.back() = {axes_.back().extent * axis.extent, axis.stride};
    } else {
      axes_.push_back(axis);
    }
  }

  void plan() {
    if (axes_.empty()) {
      axes_.push_back({1, 1});
    }
    inner_ = axes_.back();
    axes_.pop_back();
    std::int64_t rows = 1;
    for (const Axis& axis : axes_) {
      rows *= axis.extent;
    }
    // Rows that follow each other in the result walk along the axis before: where that is the
    // source's innermost, a band of them reads whole lines.
    rows_ = host::cut(rows, inner_.extent, 1 << 14);
    rows_.piece = (rows_.piece + kBand - 1) / kBand * kBand;
  }

  [[nodiscard]] std::int64_t source_of(std::int64_t row) const {
    std::int64_t at = 0;
    for (std::size_t axis = axes_.size(); axis-- > 0;) {
      at += row % axes_[axis].extent * axes_[axis].stride;
      row /= axes_[axis].extent;
    }
    return at;
  }

  template <class T>
  void run_rows(const Frame& frame, std::int64_t piece) const {
    const T* src = frame.data<const T>(src_);
    T* dst = frame.data<T>(dst_);
    const std::int64_t end = rows_.end(piece);
    for (std::int64_t row = rows_.begin(piece); row < end; row += kBand) {
      const std::int64_t count = std::min(kBand, end - row);
      std::int64_t from[kBand];
      for (std::int64_t r = 0; r < count; ++r) {
        from[r] = source_of(row + r);
      }
      if (inner_.stride == 1) {
        for (std::int64_t r = 0; r < count; ++r) {
          std::copy_n(src + from[r], inner_.extent, dst + (row + r) * inner_.extent);
        }
        continue;
      }
      if constexpr (std::is_same_v<T, std::uint32_t>) {
        if (is_line(from, count)) {
          kernels::transpose(src + from[0],
                             inner_.stride,
                             inner_.extent,
                             count,
                             dst + row * inner_.extent,
                             inner_.extent);
          continue;
        }
      }
      for (std::int64_t x0 = 0; x0 < inner_.extent; x0 += kBand) {
        const std::int64_t x1 = std::min(x0 + kBand, inner_.extent);
        for (std::int64_t r = 0; r < count; ++r) {
          T* to = dst + (row + r) * inner_.extent;
          for (std::int64_t x = x0; x < x1; ++x) {
            to[x] = src[from[r] + x * inner_.stride];
          }
        }
      }
    }
  }

  /// Whether the rows begin at neighbours in the source.
  static bool is_line(const std::int64_t* from, std::int64_t count) {
    for (std::int64_t r = 1; r < count; ++r) {
      if (from[r] != from[0] + r) {
        return false;
      }
    }
    return true;
  }

  ValueId src_;
  ValueId dst_;
  std::size_t element_ = 4;
  std::vector<Axis> axes_;  // of the result, outermost first, without the innermost
  Axis inner_{1, 1};
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_concat_step(const Graph& graph, NodeId id, Isa /*isa*/) {
  return std::make_unique<ConcatStep>(NodeReader(graph, id), graph, id);
}

std::unique_ptr<Step> make_transpose_step(const Graph& graph, NodeId id, Isa /*isa*/) {
  return std::make_unique<TransposeStep>(NodeReader(graph, id), graph);
}

}  // namespace mtmi::cpu
