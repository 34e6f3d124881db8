#include "mtmi/kernels/fast/depthwise.h"
#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/simd_math.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

/// One output row.
struct Row {
  const DepthwiseArgs& args;
  std::int64_t y;
  float* dst;  // of pixel 0

  [[nodiscard]] const float* src(std::int64_t i) const {
    const std::int64_t at = y * args.h.stride + i * args.h.dilation - args.h.pad;
    return at < 0 || at >= args.h.in ? nullptr : args.src + at * args.w.in * args.channels;
  }
};

/// Any kernel, any border: one pixel, `n` channels from `c` on.
void pixel(const Row& row, std::int64_t x, std::int64_t c, std::int64_t n) {
  const DepthwiseArgs& args = row.args;
  const std::int64_t start = x * args.w.stride - args.w.pad;
  F32 sum = args.bias == nullptr ? zero() : load_partial(args.bias + c, n);
  for (std::int64_t i = 0; i < args.h.kernel; ++i) {
    const float* src = row.src(i);
    if (src == nullptr) {
      continue;
    }
    for (std::int64_t j = 0; j < args.w.kernel; ++j) {
      const std::int64_t at = start + j * args.w.dilation;
      if (at >= 0 && at < args.w.in) {
        const float* weights = args.weights + (i * args.w.kernel + j) * args.channels + c;
        sum = fma(load_partial(src + at * args.channels + c, n), load_partial(weights, n), sum);
      }
    }
  }
  store_partial(row.dst + x * args.channels + c, sum, n);
}

void pixels(const Row& row, std::int64_t begin, std::int64_t end, std::int64_t c, std::int64_t n) {
  for (std::int64_t x = begin; x < end; ++x) {
    pixel(row, x, c, n);
  }
}

/// 3x3 inside the image, a vector of channels: the weights stay in registers.
void inside_3x3(const Row& row, std::int64_t begin, std::int64_t end, std::int64_t c) {
  const DepthwiseArgs& args = row.args;
  const std::int64_t channels = args.channels;
  F32 weights[9];
  const float* src[3];
  for (int i = 0; i < 3; ++i) {
    const float* base = row.src(i);
    // A row beyond the border: weights of zero over any row that is there.
    src[i] =
        (base != nullptr ? base : row.src(1)) + (begin * args.w.stride - args.w.pad) * channels + c;
    for (int j = 0; j < 3; ++j) {
      weights[3 * i + j] =
          base == nullptr ? zero() : load(args.weights + (3 * i + j) * channels + c);
    }
  }
  const F32 start = args.bias == nullptr ? zero() : load(args.bias + c);
  const std::int64_t step = args.w.stride * channels;
  float* dst = row.dst + begin * channels + c;
  for (std::int64_t x = begin; x < end; ++x) {
    F32 top = start;
    F32 middle = zero();
    F32 bottom = zero();
    MTMI_UNROLL
    for (int j = 0; j < 3; ++j) {
      top = fma(load(src[0] + j * channels), weights[j], top);
      middle = fma(load(src[1] + j * channels), weights[3 + j], middle);
      bottom = fma(load(src[2] + j * channels), weights[6 + j], bottom);
    }
    store(dst, add(add(top, middle), bottom));
    MTMI_UNROLL
    for (int i = 0; i < 3; ++i) {
      src[i] += step;
    }
    dst += channels;
  }
}

/// Pixels of a row that are worked on for all channels in turn, so that they stay in the cache.
constexpr std::int64_t kTile = 16;

void run_tile(const Row& row, std::int64_t begin, std::int64_t end) {
  const DepthwiseArgs& args = row.args;
  // Pixels [first, last) see no left or right border.
  const std::int64_t first = (args.w.pad + args.w.stride - 1) / args.w.stride;
  const std::int64_t last = (args.w.in + args.w.pad - 3) / args.w.stride + 1;
  const std::int64_t from = first < begin ? begin : (first < end ? first : end);
  const std::int64_t to = last > end ? end : (last > from ? last : from);
  const bool fast = args.h.kernel == 3 && args.w.kernel == 3 && args.h.dilation == 1 &&
                    args.w.dilation == 1 && row.src(1) != nullptr;
  std::int64_t c = 0;
  for (; fast && c + kLanes <= args.channels; c += kLanes) {
    pixels(row, begin, from, c, kLanes);
    inside_3x3(row, from, to, c);
    pixels(row, to, end, c, kLanes);
  }
  for (; c < args.channels; c += kLanes) {
    pixels(row, begin, end, c, args.channels - c < kLanes ? args.channels - c : kLanes);
  }
  float* dst = row.dst + begin * args.channels;
  if (args.activation.kind != Activation::None) {
    activate_row(args.activation, dst, dst, (end - begin) * args.channels);
  }
}

}  // namespace

void depthwise(const DepthwiseArgs& args) {
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const Row row{args, y, args.dst + y * args.w.out * args.channels};
    for (std::int64_t x = 0; x < args.w.out; x += kTile) {
      run_tile(row, x, x + kTile < args.w.out ? x + kTile : args.w.out);
    }
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
