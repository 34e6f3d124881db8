// cpu.Pool: maxima and means, channels last.
#include <algorithm>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::cpu {
namespace {

using kernels::BinaryForm;
using kernels::BinaryOp;
using kernels::WindowSpec;

struct TapRange {
  std::int64_t begin;
  std::int64_t end;
};

/// The taps of output `o` that lie in [low, high).
TapRange taps_within(const WindowSpec& w, std::int64_t o, std::int64_t low, std::int64_t high) {
  const std::int64_t start = o * w.stride - w.pad;
  TapRange range{0, w.kernel};
  while (range.begin < range.end && start + range.begin * w.dilation < low) {
    ++range.begin;
  }
  while (range.end > range.begin && start + (range.end - 1) * w.dilation >= high) {
    --range.end;
  }
  return range;
}

class PoolStep final : public Step {
 public:
  PoolStep(const NodeReader& node, const kernels::FastKernels& kernels)
      : kernels_(kernels),
        src_(node.input(0)),
        dst_(node.output()),
        is_max_(node.attributes().get_int("max", 0) != 0),
        count_padding_(node.attributes().get_int("count_include_pad", 0) != 0),
        h_(node.windows()[0]),
        w_(node.windows()[1]),
        pads_end_(node.pair("pads_end")) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    node.require(src[0] == dst[0] && src[3] == dst[3], "source and output do not fit");
    batch_ = src[0];
    channels_ = src[3];
    rows_ = host::cut(h_.out, w_.out * channels_ * h_.kernel * w_.kernel, 1 << 17);
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * rows_.number(), [&](std::int64_t i, std::byte*) {
      const std::int64_t n = i / rows_.number();
      const float* src = frame.data<const float>(src_) + n * h_.in * w_.in * channels_;
      float* dst = frame.data<float>(dst_) + n * h_.out * w_.out * channels_;
      for (std::int64_t y = rows_.begin(i % rows_.number()); y < rows_.end(i % rows_.number());
           ++y) {
        for (std::int64_t x = 0; x < w_.out; ++x) {
          pool_pixel(src, y, x, dst + (y * w_.out + x) * channels_);
        }
      }
    });
  }

 private:
  void pool_pixel(const float* src, std::int64_t y, std::int64_t x, float* dst) const {
    const TapRange rows = taps_within(h_, y, 0, h_.in);
    const TapRange columns = taps_within(w_, x, 0, w_.in);
    bool first = true;
    for (std::int64_t i = rows.begin; i < rows.end; ++i) {
      const std::int64_t sy = y * h_.stride - h_.pad + i * h_.dilation;
      for (std::int64_t j = columns.begin; j < columns.end; ++j) {
        const std::int64_t sx = x * w_.stride - w_.pad + j * w_.dilation;
        const float* pixel = src + (sy * w_.in + sx) * channels_;
        if (first) {
          std::copy_n(pixel, channels_, dst);
          first = false;
        } else {
          kernels_.binary(is_max_ ? BinaryOp::Max : BinaryOp::Add,
                          BinaryForm::Rows,
                          dst,
                          pixel,
                          dst,
                          channels_);
        }
      }
    }
    if (!is_max_) {
      const float divisor =
          static_cast<float>(counted(y, h_, pads_end_[0]) * counted(x, w_, pads_end_[1]));
      kernels_.binary(BinaryOp::Div, BinaryForm::SecondIsScalar, dst, &divisor, dst, channels_);
    }
  }

  /// Taps of one axis that count in the divisor.
  [[nodiscard]] std::int64_t counted(std::int64_t o,
                                     const WindowSpec& w,
                                     std::int64_t pad_end) const {
    const TapRange range =
        count_padding_ ? taps_within(w, o, -w.pad, w.in + pad_end) : taps_within(w, o, 0, w.in);
    return std::max<std::int64_t>(range.end - range.begin, 1);
  }

  const kernels::FastKernels& kernels_;
  ValueId src_;
  ValueId dst_;
  bool is_max_;
  bool count_padding_;
  WindowSpec h_;
  WindowSpec w_;
  std::array<std::int64_t, 2> pads_end_;
  std::int64_t batch_ = 0;
  std::int64_t channels_ = 0;
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_pool_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<PoolStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

}  // namespace mtmi::cpu
