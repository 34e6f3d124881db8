// cpu.ResizeLabels: the index of the largest channel after an enlargement by whole factors. The
// enlarged maps are never written: per row, per phase of the columns, the best so far and its
// index.
#include <algorithm>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::cpu {
namespace {

using kernels::ResizeTap;

class ResizeLabelsStep final : public Step {
 public:
  ResizeLabelsStep(const NodeReader& node, const kernels::FastKernels& kernels)
      : kernels_(kernels), src_(node.input(0)), dst_(node.output()) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    node.require(src.rank() == 4 && dst.rank() == 3 && src[0] == dst[0],
                 "source and output do not fit");
    batch_ = src[0];
    height_ = src[1];
    width_ = src[2];
    channels_ = src[3];
    columns_ = dst[2];
    row_taps_ = read_taps(node, "row", height_, dst[1]);
    node.require(width_ >= 1 && columns_ % width_ == 0 && channels_ >= 1,
                 "the factor is not whole");
    phases_ = read_phases(node);
    rows_ = host::cut(dst[1], columns_ * channels_, 1 << 18);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    // A mixed row, its planes with one pixel more on both sides, the best and the labels of a
    // phase.
    return static_cast<std::size_t>(width_ * channels_ + (width_ + 2) * channels_ + 2 * width_) *
           sizeof(float);
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * rows_.number(), [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t n = i / rows_.number();
      const std::int64_t piece = i % rows_.number();
      for (std::int64_t y = rows_.begin(piece); y < rows_.end(piece); ++y) {
        run_row(frame, n, y, reinterpret_cast<float*>(scratch));
      }
    });
  }

 private:
  /// Output columns factor * k + p mix the pixels k + offset and k + offset + 1.
  struct Phase {
    std::int64_t offset;  // -1 or 0
    float weight;
  };

  [[nodiscard]] std::vector<Phase> read_phases(const NodeReader& node) const {
    const std::vector<ResizeTap> taps = read_taps(node, "column", width_, columns_);
    const std::int64_t factor = columns_ / width_;
    std::vector<Phase> phases;
    for (std::int64_t p = 0; p < factor; ++p) {
      phases.push_back(phase_of(taps, p, factor));
    }
    return phases;
  }

  /// From a column in the middle, where nothing is clamped.
  [[nodiscard]] Phase phase_of(const std::vector<ResizeTap>& taps,
                               std::int64_t p,
                               std::int64_t factor) const {
    const std::int64_t k = width_ / 2;
    const ResizeTap& tap = taps[static_cast<std::size_t>(k * factor + p)];
    return {.offset = tap.low - k, .weight = tap.weight};
  }

  void run_row(const Frame& frame, std::int64_t n, std::int64_t y, float* scratch) const {
    const ResizeTap& tap = row_taps_[static_cast<std::size_t>(y)];
    const std::int64_t row_floats = width_ * channels_;
    const float* image = frame.data<const float>(src_) + n * height_ * row_floats;
    float* planes = scratch + row_floats;
    float* best = planes + (width_ + 2) * channels_;
    auto* labels = reinterpret_cast<std::int32_t*>(best + width_);
    kernels_.mix_rows(image + tap.low * row_floats,
                      image + tap.high * row_floats,
                      tap.weight,
                      scratch,
                      row_floats);
    for (std::int64_t c = 0; c < channels_; ++c) {
      float* plane = planes + c * (width_ + 2);
      for (std::int64_t x = 0; x < width_; ++x) {
        plane[x + 1] = scratch[x * channels_ + c];
      }
      plane[0] = plane[1];
      plane[width_ + 1] = plane[width_];
    }
    const auto factor = static_cast<std::int64_t>(phases_.size());
    std::int64_t* dst = frame.data<std::int64_t>(dst_) +
                        (n * static_cast<std::int64_t>(row_taps_.size()) + y) * columns_;
    for (std::int64_t p = 0; p < factor; ++p) {
      const Phase& phase = phases_[static_cast<std::size_t>(p)];
      kernels_.best_channel({.planes = planes + 1 + phase.offset,
                             .plane_stride = width_ + 2,
                             .channels = channels_,
                             .weight = phase.weight,
                             .best = best,
                             .labels = labels,
                             .columns = width_});
      for (std::int64_t k = 0; k < width_; ++k) {
        dst[k * factor + p] = labels[k];
      }
    }
  }

  const kernels::FastKernels& kernels_;
  ValueId src_;
  ValueId dst_;
  std::int64_t batch_ = 0;
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
  std::int64_t channels_ = 0;
  std::int64_t columns_ = 0;
  std::vector<ResizeTap> row_taps_;
  std::vector<Phase> phases_;
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_resize_labels_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<ResizeLabelsStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

}  // namespace mtmi::cpu
