// cpu.Pack and cpu.Unpack: float rows with channels last to and from what other devices read.
#include <algorithm>
#include <cstring>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/core/half.h"
#include "mtmi/core/rounding.h"
#include "mtmi/device/backend.h"
#include "mtmi/device/layout.h"

namespace mtmi::cpu {
namespace {

/// Half to even, saturated.
std::int8_t quantize(float x, float scale) {
  const float clamped = std::min(127.0F, std::max(-128.0F, x / scale));  // NaN: -128
  return static_cast<std::int8_t>(round_to_even(clamped));
}

std::int8_t truncate(float x, float scale) {
  return static_cast<std::int8_t>(std::min(127.0F, std::max(-128.0F, x / scale)));  // NaN: -128
}

void convert(
    const float* from, std::byte* to, DType dtype, float scale, Rounding rounding, std::int64_t n) {
  if (dtype == DType::Int8) {
    auto* q = reinterpret_cast<std::int8_t*>(to);
    if (rounding == Rounding::TowardZero) {
      std::transform(from, from + n, q, [scale](float x) { return truncate(x, scale); });
      return;
    }
    for (std::int64_t i = 0; i < n; ++i) {
      q[i] = quantize(from[i], scale);
    }
  } else if (dtype == DType::Float16) {
    auto* h = reinterpret_cast<Float16*>(to);
    std::transform(from, from + n, h, [](float x) { return to_float16(x); });
  } else if (dtype == DType::BFloat16) {
    auto* b = reinterpret_cast<BFloat16*>(to);
    std::transform(from, from + n, b, [](float x) { return to_bfloat16(x); });
  } else {
    std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(float));
  }
}

void convert(const std::byte* from, float* to, DType dtype, float scale, std::int64_t n) {
  if (dtype == DType::Int8) {
    const auto* q = reinterpret_cast<const std::int8_t*>(from);
    std::transform(q, q + n, to, [scale](std::int8_t x) { return scale * static_cast<float>(x); });
  } else if (dtype == DType::Float16) {
    const auto* h = reinterpret_cast<const Float16*>(from);
    std::transform(h, h + n, to, [](Float16 x) { return to_float(x); });
  } else if (dtype == DType::BFloat16) {
    const auto* b = reinterpret_cast<const BFloat16*>(from);
    std::transform(b, b + n, to, [](BFloat16 x) { return to_float(x); });
  } else {
    std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(float));
  }
}

/// Walks the channels of pixels in runs that lie together on both sides.
class FormatStep final : public Step {
 public:
  FormatStep(const Graph& graph, NodeId id, bool packs)
      : packs_(packs), floats_(graph.node(id).inputs[0]), buffer_(graph.node(id).outputs[0]) {
    if (!packs) {
      std::swap(floats_, buffer_);
    }
    const NodeReader node(graph, id);
    const std::int64_t layout = node.attributes().get_int("layout", 0);
    node.require(layout >= 0 && layout <= static_cast<std::int64_t>(Layout::DlaHwc4),
                 "the layout is unknown");
    TensorDesc desc{.name = "buffer",
                    .dtype = graph.type(buffer_).dtype,
                    .shape = Shape(node.attributes().get_ints("shape")),
                    .layout = static_cast<Layout>(layout),
                    .scale = node.attributes().get_float("scale", 0.0F)};
    if (desc.layout == Layout::Linear) {  // of any rank: one row of one long pixel
      desc.shape = Shape{1, desc.shape.num_elements(), 1, 1};
      desc.layout = Layout::Hwc;
    }
    node.require(graph.type(floats_).dtype == DType::Float32 &&
                     graph.type(floats_).shape.num_elements() == desc.shape.num_elements() &&
                     static_cast<std::size_t>(graph.type(buffer_).shape.num_elements()) *
                             size_of(desc.dtype) ==
                         size_bytes_of(desc),
                 "the buffer has another size");
    const std::int64_t rounding = node.attributes().get_int("rounding", 0);
    node.require(rounding == 0 || rounding == 1, "the rounding is unknown");
    rounding_ = static_cast<Rounding>(rounding);
    dtype_ = desc.dtype;
    scale_ = desc.scale;
    strides_ = strides_of(desc);
    bytes_ = size_bytes_of(desc);
    batch_ = desc.shape[0];
    channels_ = desc.shape[1];
    height_ = desc.shape[2];
    width_ = desc.shape[3];
    plan();
  }

  void run(const Frame& frame) const override {
    if (packs_ && has_padding_) {
      std::memset(frame.bytes(buffer_), 0, bytes_);
    }
    frame.parallel(rows_.number(), [&](std::int64_t i, std::byte*) {
      for (std::int64_t row = rows_.begin(i); row < rows_.end(i); ++row) {
        run_row(frame, row);
      }
    });
  }

 private:
  void plan() {
    const auto elements = static_cast<std::size_t>(batch_ * channels_ * height_ * width_);
    has_padding_ = elements * size_of(dtype_) != bytes_;
    // One long pixel is cut into runs; rows are images' rows times runs.
    constexpr std::int64_t kLongest = 1 << 14;
    const bool together = strides_.channel == static_cast<std::int64_t>(size_of(dtype_));
    run_ = together ? std::min(strides_.block, kLongest) : 1;
    runs_ = channels_ == 0 ? 0 : (channels_ + run_ - 1) / run_;
    rows_ = host::cut(batch_ * height_ * runs_, width_ * run_, 1 << 15);
  }

  void run_row(const Frame& frame, std::int64_t row) const {
    const std::int64_t c = row % runs_ * run_;
    const std::int64_t y = row / runs_ % height_;
    const std::int64_t n = row / runs_ / height_;
    const std::int64_t count = std::min(run_, channels_ - c);
    float* pixel = frame.data<float>(floats_) + (n * height_ + y) * width_ * channels_ + c;
    std::byte* to = frame.bytes(buffer_) + n * strides_.batch + y * strides_.row +
                    c / strides_.block * strides_.plane + c % strides_.block * strides_.channel;
    for (std::int64_t x = 0; x < width_; ++x, pixel += channels_, to += strides_.column) {
      if (packs_) {
        convert(pixel, to, dtype_, scale_, rounding_, count);
      } else {
        convert(static_cast<const std::byte*>(to), pixel, dtype_, scale_, count);
      }
    }
  }

  bool packs_;
  ValueId floats_;
  ValueId buffer_;
  DType dtype_ = DType::Float32;
  float scale_ = 0.0F;
  Rounding rounding_ = Rounding::HalfEven;
  LayoutStrides strides_;
  std::size_t bytes_ = 0;
  bool has_padding_ = false;
  std::int64_t batch_ = 0;
  std::int64_t channels_ = 0;
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
  std::int64_t run_ = 1;
  std::int64_t runs_ = 0;
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_pack_step(const Graph& graph, NodeId id, Isa /*isa*/) {
  return std::make_unique<FormatStep>(graph, id, true);
}

std::unique_ptr<Step> make_unpack_step(const Graph& graph, NodeId id, Isa /*isa*/) {
  return std::make_unique<FormatStep>(graph, id, false);
}

}  // namespace mtmi::cpu
