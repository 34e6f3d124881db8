// int8.Pool, int8.Mean and int8.Resize.
#include <algorithm>

#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"

namespace mtmi::int8 {
namespace {

constexpr std::int64_t kElementsPerPiece = 1 << 17;

class PoolStep final : public host::Step {
 public:
  PoolStep(const Graph& graph, NodeId id, const Int8Kernels& with) {
    const NodeReader node(graph, id);
    src_ = node.int8_map(node.input(0));
    dst_ = node.int8_map(node.output());
    node.require(src_.n == dst_.n && src_.pixel == dst_.pixel, "its result is of another shape");
    windows_ = node.windows(src_, dst_);
    const std::string op = node.attributes().get_string("op", "");
    node.require(op == "max" || op == "average", "its operation is unknown");
    constexpr std::int64_t kMostTaps = 8;  // of an average, along one axis
    node.require(
        op == "max" || (windows_[0].kernel <= kMostTaps && windows_[1].kernel <= kMostTaps),
        "its window is too large");
    pool_ = op == "max" ? with.max_pool : with.average_pool;
    counts_pad_ = node.attributes().get_int("counts_pad", 0) != 0;
  }

  void run(const host::Frame& frame) const override {
    const std::int64_t taps = windows_[0].kernel * windows_[1].kernel;
    const Pieces pieces =
        host::cut(dst_.h, dst_.w * dst_.pixel * taps, kElementsPerPiece, kLeastPieces);
    frame.parallel(dst_.n * pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const std::int64_t image = task / pieces.number();
      pool_({.src = frame.data<const std::int8_t>(src_.id) + image * src_.pixels() * src_.pixel,
             .src_pixel = src_.pixel,
             .dst = frame.data<std::int8_t>(dst_.id) + image * dst_.pixels() * dst_.pixel,
             .dst_pixel = dst_.pixel,
             .h = windows_[0],
             .w = windows_[1],
             .channels = dst_.pixel,
             .count_include_pad = counts_pad_,
             .row_begin = pieces.begin(task % pieces.number()),
             .row_end = pieces.end(task % pieces.number())});
    });
  }

 private:
  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::array<Window, 2> windows_;
  kernels::int8::PoolFn pool_ = nullptr;
  bool counts_pad_ = false;
};

class MeanStep final : public host::Step {
 public:
  MeanStep(const Graph& graph, NodeId id) {
    const NodeReader node(graph, id);
    src_ = node.int8_map(node.input(0));
    dst_ = node.int8_map(node.output());
    node.require(src_.n == dst_.n && src_.pixel == dst_.pixel, "its result is of another shape");
    windows_ = node.windows(src_, dst_);
    const auto ends = node.pair("pads_end");
    windows_[0].pad_end = ends[0];
    windows_[1].pad_end = ends[1];
    counts_pad_ = node.attributes().get_int("counts_pad", 0) != 0;
    src_scale_ = node.number("src_scale");
    dst_scale_ = node.number("dst_scale");
    node.require(src_scale_ > 0.0F && dst_scale_ > 0.0F, "its scales are not above 0");
    rounding_ = node.rounding();
  }

  void run(const host::Frame& frame) const override {
    const std::int64_t taps = windows_[0].kernel * windows_[1].kernel;
    const Pieces pieces =
        host::cut(dst_.n * dst_.h, dst_.w * dst_.pixel * taps, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      for (std::int64_t row = pieces.begin(task); row < pieces.end(task); ++row) {
        for (std::int64_t x = 0; x < dst_.w; ++x) {
          mean(frame, row / dst_.h, row % dst_.h, x);
        }
      }
    });
  }

 private:
  /// Taps of an axis that the sum is divided by: those inside the source, or inside its padding.
  [[nodiscard]] std::int64_t counted(const Window& window,
                                     std::int64_t o,
                                     const IndexRange& inside) const {
    if (!counts_pad_) {
      return inside.end - inside.begin;
    }
    const std::int64_t room = window.in + window.pad_end - window.position(o, 0);
    return std::clamp<std::int64_t>(ceil_div(room, window.dilation), 0, window.kernel);
  }

  void mean(const host::Frame& frame, std::int64_t image, std::int64_t y, std::int64_t x) const {
    const auto& [h, w] = windows_;
    const IndexRange rows = taps_inside(h, y);
    const IndexRange columns = taps_inside(w, x);
    const std::int64_t count = counted(h, y, rows) * counted(w, x, columns);
    const auto m = static_cast<float>(
        static_cast<double>(src_scale_) /
        (static_cast<double>(std::max<std::int64_t>(count, 1)) * static_cast<double>(dst_scale_)));
    const std::int8_t* const src =
        frame.data<const std::int8_t>(src_.id) + image * src_.pixels() * src_.pixel;
    std::int8_t* const dst =
        frame.data<std::int8_t>(dst_.id) + (image * dst_.pixels() + y * dst_.w + x) * dst_.pixel;
    for (std::int64_t c = 0; c < dst_.pixel; ++c) {
      std::int64_t sum = 0;
      for (std::int64_t i = rows.begin; i < rows.end; ++i) {
        for (std::int64_t j = columns.begin; j < columns.end; ++j) {
          sum += src[(h.position(y, i) * src_.w + w.position(x, j)) * src_.pixel + c];
        }
      }
      dst[c] = kernels::int8::requantize(sum, m, rounding_);
    }
  }

  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::array<Window, 2> windows_;
  bool counts_pad_ = false;
  float src_scale_ = 1.0F;
  float dst_scale_ = 1.0F;
  kernels::int8::Rounding rounding_ = kernels::int8::Rounding::HalfToEven;
};

class ResizeStep final : public host::Step {
 public:
  ResizeStep(const Graph& graph, NodeId id, const Int8Kernels& with) {
    const NodeReader node(graph, id);
    src_ = node.int8_map(node.input(0));
    dst_ = node.map(node.output());
    factors_ = node.pair("factors");
    constexpr std::int64_t kMostFactor = 32;
    for (const std::int64_t factor : factors_) {
      node.require(factor >= 1 && factor <= kMostFactor, "its factors are impossible");
    }
    node.require(src_.n == dst_.n && src_.h * factors_[0] == dst_.h &&
                     src_.w * factors_[1] == dst_.w && dst_.pixel <= src_.pixel,
                 "its result is of another shape");
    const std::string mode = node.attributes().get_string("mode", "");
    linear_ = mode == "linear";
    node.require(linear_ || (mode == "nearest" && dst_.dtype == DType::Int8),
                 "its mode is unknown");
    resize_ = linear_ ? with.resize_linear : with.resize_nearest;
    multiplier_ = linear_ ? node.number("multiplier") : 1.0F;
    rounding_ = node.rounding();
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(kernels::int8::resize_scratch_bytes(src_.w, src_.pixel));
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces = host::cut(dst_.h, dst_.w * dst_.pixel, kElementsPerPiece, kLeastPieces);
    frame.parallel(dst_.n * pieces.number(), [&](std::int64_t task, std::byte* scratch) {
      const std::int64_t image = task / pieces.number();
      const std::int64_t begin = pieces.begin(task % pieces.number());
      const std::int64_t end = pieces.end(task % pieces.number());
      const std::int8_t* const src =
          frame.data<const std::int8_t>(src_.id) + image * src_.pixels() * src_.pixel;
      const std::int64_t at = image * dst_.pixels() * dst_.pixel;
      const bool half = dst_.dtype == DType::Float16;
      resize_({.src = src,
               .src_pixel = src_.pixel,
               .dst = half ? nullptr : frame.data<std::int8_t>(dst_.id) + at,
               .dst_half = half ? frame.data<std::uint16_t>(dst_.id) + at : nullptr,
               .dst_pixel = dst_.pixel,
               .height = src_.h,
               .width = src_.w,
               .channels = dst_.pixel,
               .factor_h = factors_[0],
               .factor_w = factors_[1],
               .multiplier = multiplier_,
               .rounding = rounding_,
               .row_begin = begin,
               .row_end = end,
               .scratch = reinterpret_cast<std::int16_t*>(scratch)});
    });
  }

 private:
  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::array<std::int64_t, 2> factors_{};
  bool linear_ = false;
  kernels::int8::ResizeFn resize_ = nullptr;
  float multiplier_ = 1.0F;
  kernels::int8::Rounding rounding_ = kernels::int8::Rounding::HalfAwayFromZero;
};

}  // namespace

StepPtr make_pool_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<PoolStep>(graph, id, with);
}

StepPtr make_mean_step(const Graph& graph, NodeId id, const Int8Kernels& /*with*/) {
  return std::make_unique<MeanStep>(graph, id);
}

StepPtr make_resize_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<ResizeStep>(graph, id, with);
}

}  // namespace mtmi::int8
