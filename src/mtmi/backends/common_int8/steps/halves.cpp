// int8.HalfFunction, int8.Softmax and int8.ClampHalf.
#include <algorithm>
#include <cmath>

#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"
#include "mtmi/core/half.h"
#include "mtmi/kernels/int8/half_functions.h"

namespace mtmi::int8 {
namespace {

using kernels::int8::HalfFunction;

constexpr std::int64_t kElementsPerPiece = 1 << 16;

class HalfFunctionStep final : public host::Step {
 public:
  HalfFunctionStep(const Graph& graph, NodeId id) {
    const NodeReader node(graph, id);
    src_ = node.map(node.input(0));
    dst_ = node.map(node.output());
    node.require(src_.dtype == DType::Float16 && src_.n == dst_.n && src_.h == dst_.h &&
                     src_.w == dst_.w && src_.pixel <= dst_.pixel,
                 "its result is of another shape");
    node.require(dst_.dtype == DType::Int8 || src_.pixel == dst_.pixel,
                 "its result is of another shape");
    const std::string name = node.attributes().get_string("function", "");
    node.require(name == "Sigmoid" || name == "Tanh", "its function is unknown");
    const HalfFunction function = name == "Tanh" ? HalfFunction::Tanh : HalfFunction::Sigmoid;
    if (dst_.dtype == DType::Float16) {
      halves_ = kernels::int8::half_table(function);
    } else {
      const float scale = node.number("scale");
      node.require(scale > 0.0F, "its scale is not above 0");
      int8s_ = kernels::int8::half_to_int8_table(function, scale, node.rounding());
    }
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces =
        host::cut(src_.n * src_.pixels(), src_.pixel, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const std::int64_t begin = pieces.begin(task);
      const std::int64_t count = pieces.end(task) - begin;
      const auto* const src = frame.data<const std::uint16_t>(src_.id) + begin * src_.pixel;
      if (dst_.dtype == DType::Float16) {
        kernels::int8::look_up_from_half(src,
                                         frame.data<std::uint16_t>(dst_.id) + begin * dst_.pixel,
                                         count * src_.pixel,
                                         halves_.data());
        return;
      }
      auto* const dst = frame.data<std::int8_t>(dst_.id) + begin * dst_.pixel;
      for (std::int64_t i = 0; i < count; ++i) {
        kernels::int8::look_up_from_half(
            src + i * src_.pixel, dst + i * dst_.pixel, src_.pixel, int8s_.data());
        std::fill(dst + i * dst_.pixel + src_.pixel, dst + (i + 1) * dst_.pixel, std::int8_t{0});
      }
    });
  }

 private:
  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::vector<std::uint16_t> halves_;
  std::vector<std::int8_t> int8s_;
};

class SoftmaxStep final : public host::Step {
 public:
  SoftmaxStep(const Graph& graph, NodeId id) {
    const NodeReader node(graph, id);
    map_ = node.map(node.input(0));
    dst_ = node.output();
    node.require(map_.dtype == DType::Float16 && node.dtype(dst_) == DType::Float16 &&
                     node.shape(dst_) == node.shape(map_.id),
                 "its result is of another shape");
    // The axis of [n, c, h, w] as it lies in [n, h, w, c].
    const std::int64_t axis = node.attributes().get_int("axis", 1);
    node.require(0 <= axis && axis <= 3, "its axis is impossible");
    const std::int64_t row = map_.w * map_.pixel;
    const std::array<std::int64_t, 4> extents{map_.n, map_.pixel, map_.h, map_.w};
    const std::array<std::int64_t, 4> strides{map_.h * row, 1, row, map_.pixel};
    extent_ = extents[static_cast<std::size_t>(axis)];
    stride_ = strides[static_cast<std::size_t>(axis)];
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(extent_) * sizeof(float);
  }

  void run(const host::Frame& frame) const override {
    // Everything as [outer, extent, stride].
    const std::int64_t lines = map_.n * map_.pixels() * map_.pixel / extent_;
    const Pieces pieces = host::cut(lines, extent_, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* scratch) {
      for (std::int64_t line = pieces.begin(task); line < pieces.end(task); ++line) {
        const std::int64_t at = line / stride_ * extent_ * stride_ + line % stride_;
        softmax(frame.data<const Float16>(map_.id) + at,
                frame.data<Float16>(dst_) + at,
                reinterpret_cast<float*>(scratch));
      }
    });
  }

 private:
  void softmax(const Float16* src, Float16* dst, float* powers) const {
    float most = to_float(src[0]);
    for (std::int64_t i = 1; i < extent_; ++i) {
      most = std::max(most, to_float(src[i * stride_]));
    }
    float sum = 0.0F;
    for (std::int64_t i = 0; i < extent_; ++i) {
      const double difference = to_float(src[i * stride_]) - most;
      powers[i] = static_cast<float>(std::exp(difference));
      sum += powers[i];
    }
    for (std::int64_t i = 0; i < extent_; ++i) {
      dst[i * stride_] = to_float16(powers[i] / sum);
    }
  }

  NodeReader::Map map_;
  ValueId dst_ = kNoValue;
  std::int64_t extent_ = 1;
  std::int64_t stride_ = 1;
};

class ClampHalfStep final : public host::Step {
 public:
  ClampHalfStep(const Graph& graph, NodeId id) {
    const NodeReader node(graph, id);
    map_ = node.map(node.input(0));
    dst_ = node.output();
    node.require(map_.dtype == DType::Float16 && node.dtype(dst_) == DType::Float16 &&
                     node.shape(dst_) == node.shape(map_.id),
                 "its result is of another shape");
    least_ = node.number("least");
    most_ = node.number("most");
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces =
        host::cut(map_.n * map_.pixels() * map_.pixel, 1, kElementsPerPiece, kLeastPieces);
    const Float16 least = to_float16(least_);
    const Float16 most = to_float16(most_);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const auto* const src = frame.data<const Float16>(map_.id);
      auto* const dst = frame.data<Float16>(dst_);
      for (std::int64_t i = pieces.begin(task); i < pieces.end(task); ++i) {
        const Float16 raised = to_float(src[i]) <= least_ ? least : src[i];
        dst[i] = to_float(raised) > most_ ? most : raised;
      }
    });
  }

 private:
  NodeReader::Map map_;
  ValueId dst_ = kNoValue;
  float least_ = 0.0F;
  float most_ = 0.0F;
};

}  // namespace

StepPtr make_half_function_step(const Graph& graph, NodeId id, const Int8Kernels& /*with*/) {
  return std::make_unique<HalfFunctionStep>(graph, id);
}

StepPtr make_softmax_step(const Graph& graph, NodeId id, const Int8Kernels& /*with*/) {
  return std::make_unique<SoftmaxStep>(graph, id);
}

StepPtr make_clamp_half_step(const Graph& graph, NodeId id, const Int8Kernels& /*with*/) {
  return std::make_unique<ClampHalfStep>(graph, id);
}

}  // namespace mtmi::int8
