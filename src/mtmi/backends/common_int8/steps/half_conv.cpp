// int8.HalfConv: a convolution of halves, in float32.
#include <algorithm>
#include <vector>

#include "mtmi/backends/common_int8/steps/half_exit.h"
#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"
#include "mtmi/kernels/fast/fast_kernels.h"
#include "mtmi/kernels/fast/packed_weights.h"

namespace mtmi::int8 {
namespace {

using kernels::FastKernels;
using kernels::PackedShape;

// About a tenth of a millisecond of one core.
constexpr std::int64_t kMacsPerPiece = 8 << 20;

const FastKernels& float_kernels(Int8Isa isa) {
  return kernels::fast_kernels(isa >= Int8Isa::Avx512 ? Isa::Avx512
                               : isa == Int8Isa::Avx2 ? Isa::Avx2
                                                      : Isa::Generic);
}

/// A band of rows is brought to float32 with zeros around it, multiplied, and rounded to halves.
/// Zeros between the pixels of the source make a transposed convolution of it.
class HalfConvStep final : public host::Step {
 public:
  HalfConvStep(const Graph& graph, NodeId id, const Int8Kernels& with)
      : with_(with), floats_(float_kernels(with.isa)) {
    const NodeReader node(graph, id);
    src_ = node.map(node.input(0));
    dst_ = node.map(node.output());
    node.require(src_.dtype == DType::Float16 && dst_.dtype == DType::Float16 && src_.n == dst_.n,
                 "its result is of another shape");
    windows_ = node.windows(src_, dst_);
    apart_ = node.pair("apart");
    constexpr std::int64_t kMostApart = 1 << 10;
    for (std::size_t i = 0; i < 2; ++i) {
      node.require(1 <= apart_[i] && apart_[i] <= kMostApart, "its source is impossible");
      windows_[i].in = (windows_[i].in - 1) * apart_[i] + 1;
    }
    exit_ = read_half_exit(node);
    bias_ = node.constant<float>(2);
    node.require(static_cast<std::int64_t>(bias_.size()) == dst_.pixel,
                 "its bias is of another size");
    const auto& [h, w] = windows_;
    const Shape extents{dst_.pixel, src_.pixel, h.kernel, w.kernel};
    node.require(node.shape(node.input(1)) == extents, "its weights are of another shape");
    pitch_ = (w.out - 1) * w.stride + w.reach();
    node.require(pitch_ < std::int64_t{1} << 24, "its window is impossible");
    pack(node.constant<float>(1));
    plan();
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(band_floats_ + result_floats_ + row_floats_) * sizeof(float);
  }

  void run(const host::Frame& frame) const override {
    frame.parallel(dst_.n * pieces_.number(), [&](std::int64_t task, std::byte* scratch) {
      const std::int64_t image = task / pieces_.number();
      const std::int64_t begin = pieces_.begin(task % pieces_.number());
      const std::int64_t end = pieces_.end(task % pieces_.number());
      auto* const band = reinterpret_cast<float*>(scratch);
      float* const result = band + band_floats_;
      read_band(frame, image, begin, end, band, result + result_floats_);
      multiply(band, end - begin, result);
      write(frame, image, begin, end, result);
    });
  }

 private:
  /// Depth (kh, kw, ic), as the rows of a band hold it.
  void pack(std::span<const float> weights) {
    const auto& [h, w] = windows_;
    const std::int64_t ic = src_.pixel;
    const std::int64_t depth = h.kernel * w.kernel * ic;
    std::vector<float> turned(weights.size());
    for (std::int64_t k = 0; k < dst_.pixel; ++k) {
      for (std::int64_t c = 0; c < ic; ++c) {
        for (std::int64_t t = 0; t < h.kernel * w.kernel; ++t) {
          turned[static_cast<std::size_t>((t * ic + c) * dst_.pixel + k)] =
              weights[static_cast<std::size_t>((k * ic + c) * h.kernel * w.kernel + t)];
        }
      }
    }
    const PackedShape shape{
        .depth = depth, .columns = dst_.pixel, .block = floats_.block, .lanes = floats_.lanes};
    packed_.resize(static_cast<std::size_t>(shape.num_floats()));
    kernels::pack_weights(shape, turned.data(), dst_.pixel, 1, packed_);
  }

  void plan() {
    const auto& [h, w] = windows_;
    const std::int64_t macs = w.out * h.kernel * w.kernel * src_.pixel * dst_.pixel;
    pieces_ = host::cut(h.out, macs, kMacsPerPiece, kLeastPieces);
    band_floats_ = ((pieces_.piece - 1) * h.stride + h.reach()) * pitch_ * src_.pixel;
    band_floats_ = (band_floats_ + 15) / 16 * 16;
    result_floats_ = pieces_.piece * w.out * dst_.pixel;
    row_floats_ = apart_[1] == 1 ? 0 : src_.w * src_.pixel;
    const std::int64_t row = pitch_ * src_.pixel;
    for (std::int64_t i = 0; i < h.kernel; ++i) {
      for (std::int64_t j = 0; j < w.kernel; ++j) {
        segments_.push_back(i * h.dilation * row + j * w.dilation * src_.pixel);
      }
    }
  }

  void read_band(const host::Frame& frame,
                 std::int64_t image,
                 std::int64_t begin,
                 std::int64_t end,
                 float* band,
                 float* scratch) const {
    const auto& [h, w] = windows_;
    const std::int64_t rows = (end - begin - 1) * h.stride + h.reach();
    const std::int64_t left = std::min(w.pad_begin, pitch_);
    std::fill_n(band, rows * pitch_ * src_.pixel, 0.0F);
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::int64_t y = begin * h.stride - h.pad_begin + i;
      if (y < 0 || y >= h.in || y % apart_[0] != 0) {
        continue;
      }
      const auto* const from = frame.data<const std::uint16_t>(src_.id) +
                               (image * src_.h + y / apart_[0]) * src_.w * src_.pixel;
      read_row(from, band + (i * pitch_ + left) * src_.pixel, pitch_ - left, scratch);
    }
  }

  /// As much of a row of the source as fits into `room` pixels.
  void read_row(const std::uint16_t* from, float* to, std::int64_t room, float* scratch) const {
    const std::int64_t used = std::min(src_.w, (room + apart_[1] - 1) / apart_[1]);
    float* const floats = apart_[1] == 1 ? to : scratch;
    if (used > 0) {
      convert_row(with_,
                  from,
                  kernels::int8::ElementType::Float16,
                  floats,
                  kernels::int8::ElementType::Float32,
                  used * src_.pixel);
    }
    for (std::int64_t x = 0; x < used && apart_[1] != 1; ++x) {
      std::copy_n(floats + x * src_.pixel, src_.pixel, to + x * apart_[1] * src_.pixel);
    }
  }

  void multiply(const float* band, std::int64_t rows, float* result) const {
    const auto& [h, w] = windows_;
    floats_.gemm(
        {.src = band,
         .src_row = h.stride * pitch_ * src_.pixel,
         .src_column = w.stride * src_.pixel,
         .segments = segments_.data(),
         .num_segments = static_cast<std::int64_t>(segments_.size()),
         .segment_length = src_.pixel,
         .weights = packed_.data(),
         .outputs = dst_.pixel,
         .dst = result,
         .dst_row = w.out * dst_.pixel,
         .dst_column = dst_.pixel,
         .rows = rows,
         .columns = w.out,
         .epilogue = {.bias = bias_.data(), .residual = nullptr, .first = {}, .last = {}}});
  }

  void write(const host::Frame& frame,
             std::int64_t image,
             std::int64_t begin,
             std::int64_t end,
             float* result) const {
    const std::int64_t count = (end - begin) * dst_.w * dst_.pixel;
    exit_.apply(result, count);
    convert_row(with_,
                result,
                kernels::int8::ElementType::Float32,
                frame.data<std::uint16_t>(dst_.id) + (image * dst_.h + begin) * dst_.w * dst_.pixel,
                kernels::int8::ElementType::Float16,
                count);
  }

  const Int8Kernels& with_;
  const FastKernels& floats_;
  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::array<Window, 2> windows_;        // over the source with zeros between its pixels
  std::array<std::int64_t, 2> apart_{};  // of its rows and columns; 1: no zeros between
  HalfExit exit_;
  std::span<const float> bias_;
  std::vector<float> packed_;
  std::vector<std::int64_t> segments_;
  std::int64_t pitch_ = 0;  // pixels in a row of a band
  Pieces pieces_;
  std::int64_t band_floats_ = 0;
  std::int64_t result_floats_ = 0;
  std::int64_t row_floats_ = 0;
};

}  // namespace

StepPtr make_half_conv_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<HalfConvStep>(graph, id, with);
}

}  // namespace mtmi::int8
