// Convolution and deconvolution.
#include <array>

#include <fmt/core.h>

#include "mtmi/dla/convolution_buffer.h"
#include "mtmi/dla/layer_rules.h"
#include "mtmi/ops/conv.h"

namespace mtmi::dla {
namespace {

// TensorRT developer guide, DLA restrictions, Convolution; the pads also in NvInfer.h.
constexpr Limits kKernel{1, 32};
constexpr Limits kPad{0, 31};
constexpr Limits kStride{1, 8};
constexpr Limits kDilation{1, 32};

// The same, Deconvolution: besides kernels and strides to 32, rows and columns of these lengths.
constexpr std::array<std::int64_t, 3> kLongDeconvolutions{64, 96, 128};
// TensorRT disables square kernels with the same stride in this range.
constexpr Limits kDisabledSquare{23, 32};

Support require_constant_weights(const Layer& layer) {
  for (std::size_t i = 1; i < layer.num_inputs(); ++i) {
    if (layer.has_input(i) && layer.constant(i) == nullptr) {
      return Support::no("dla.conv.constant_weights",
                         fmt::format("input {}: got a computed tensor, expected a constant", i),
                         "run it on another device");
    }
  }
  return Support::yes();
}

Support check_axis(const Window& window, int axis) {
  const auto name = [&](const char* what) { return fmt::format("{} of axis {}", what, axis); };
  if (!kKernel.contains(window.kernel)) {
    return Support::no("dla.conv.kernel",
                       outside(name("kernel"), window.kernel, kKernel),
                       "chain smaller convolutions");
  }
  if (!kStride.contains(window.stride)) {
    return Support::no("dla.conv.stride",
                       outside(name("stride"), window.stride, kStride),
                       "chain convolutions of smaller strides");
  }
  if (!kDilation.contains(window.dilation)) {
    return Support::no(
        "dla.conv.dilation", outside(name("dilation"), window.dilation, kDilation), "dilate less");
  }
  for (const std::int64_t pad : {window.pad_begin, window.pad_end}) {
    if (!kPad.contains(pad)) {
      return Support::no("dla.conv.pad", outside(name("pad"), pad, kPad), "pad less");
    }
    // The guide asks for pads below the kernel and does not say whether dilation counts. As a pad
    // that covers a whole kernel gives outputs of padding alone, the dilated kernel is meant here.
    if (pad >= window.reach()) {
      return Support::no("dla.conv.pad",
                         fmt::format("{}: got {}, expected less than the dilated kernel, {}",
                                     name("pad"),
                                     pad,
                                     window.reach()),
                         "leave out the outputs that see padding alone");
    }
  }
  return Support::yes();
}

/// TensorRT developer guide: a heuristic that TensorRT applies itself from 8.6 on; before, the
/// compiler for the DLA refuses. The guide leaves open whether the channels of one group count or
/// all: one group's, as one kernel reads no others.
Support check_convolution_buffer(const Layer& layer, const ops::ConvGeometry& geometry) {
  const Window& rows = geometry.windows[0];
  const Window& columns = geometry.windows[1];
  const ConvolutionBanks banks = convolution_banks({.channels = geometry.ic,
                                                    .kernel_height = rows.kernel,
                                                    .kernel_width = columns.kernel,
                                                    .dilation_height = rows.dilation,
                                                    .src_width = columns.in},
                                                   layer.options().precision);
  const int limit = layer.options().chip->convolution_buffer_banks;
  if (banks.total() <= limit) {
    return Support::yes();
  }
  return Support::no(
      "dla.conv.convolution_buffer",
      fmt::format("banks of the convolution buffer: got {} ({} for weights, {} for {} channels of "
                  "width {}), expected at most {}",
                  banks.total(),
                  banks.weights,
                  banks.data,
                  geometry.ic,
                  columns.in,
                  limit),
      "split the input channels into a sum of convolutions (mtmi simplify --for dla)");
}

Support check_conv(const Layer& layer) {
  if (Support support = require_constant_weights(layer); !support) {
    return support;
  }
  const ops::ConvGeometry geometry =
      ops::conv_geometry(layer.attributes(), layer.src(0), layer.src(1));
  for (std::size_t i = 0; i < geometry.windows.size(); ++i) {
    if (Support support = check_axis(geometry.windows[i], static_cast<int>(i) + 2); !support) {
      return support;
    }
  }
  return check_convolution_buffer(layer, geometry);
}

bool is_long_deconvolution(const Window& one, const Window& other) {
  for (const std::int64_t length : kLongDeconvolutions) {
    if (one.kernel == 1 && one.stride == 1 && other.kernel == length && other.stride == length) {
      return true;
    }
  }
  return false;
}

Support check_deconv_extents(const Window& rows, const Window& columns) {
  if (is_long_deconvolution(rows, columns) || is_long_deconvolution(columns, rows)) {
    return Support::yes();
  }
  for (const Window* window : {&rows, &columns}) {
    if (!kKernel.contains(window->kernel)) {
      return Support::no("dla.deconv.kernel",
                         outside("kernel", window->kernel, kKernel) + ", or 1x64, 1x96, 1x128",
                         "chain smaller deconvolutions");
    }
    if (!kKernel.contains(window->stride)) {
      return Support::no("dla.deconv.stride",
                         outside("stride", window->stride, kKernel) + ", or 1x64, 1x96, 1x128",
                         "chain smaller deconvolutions");
    }
  }
  const bool square = rows.kernel == columns.kernel && rows.stride == columns.stride;
  if (square && rows.kernel == rows.stride && kDisabledSquare.contains(rows.kernel)) {
    return Support::no(
        "dla.deconv.square",
        fmt::format("kernel and stride {0}x{0}: TensorRT disables squares of {1} to {2}",
                    rows.kernel,
                    kDisabledSquare.min,
                    kDisabledSquare.max),
        "chain two smaller deconvolutions");
  }
  return Support::yes();
}

Support check_deconv_window(const Window& window) {
  if (window.dilation != 1) {
    return Support::no("dla.deconv.dilation",
                       outside("dilation", window.dilation, {1, 1}),
                       "write zeros into the kernel (mtmi simplify --for dla)");
  }
  if (window.pad_begin != 0 || window.pad_end != 0) {
    return Support::no(
        "dla.deconv.pad",
        fmt::format("pads: got {} and {}, expected 0", window.pad_begin, window.pad_end),
        "leave out the pads and cut the border off with Slice (mtmi simplify --for dla)");
  }
  // `in` is the extent of the result (ops/conv.h); more than the kernels cover is output_padding.
  const std::int64_t covered = (window.out - 1) * window.stride + window.reach();
  if (window.in != covered) {
    return Support::no(
        "dla.deconv.output_padding",
        fmt::format("extent of the result: got {}, expected {}, without "
                    "output_padding",
                    window.in,
                    covered),
        "enlarge the kernel by zeros instead of output_padding (mtmi simplify --for dla)");
  }
  return Support::yes();
}

Support check_deconv(const Layer& layer) {
  if (Support support = require_constant_weights(layer); !support) {
    return support;
  }
  const ops::ConvTransposeGeometry geometry =
      ops::conv_transpose_geometry(layer.attributes(), layer.src(0), layer.src(1));
  if (geometry.groups != 1) {
    return Support::no(
        "dla.deconv.groups",
        outside("groups", geometry.groups, {1, 1}),
        "write the weights without groups, zeros between them (mtmi simplify --for dla)");
  }
  for (const Window& window : geometry.windows) {
    if (Support support = check_deconv_window(window); !support) {
      return support;
    }
  }
  return check_deconv_extents(geometry.windows[0], geometry.windows[1]);
}

constexpr std::array kRules{
    LayerRule{"Conv", check_conv},
    LayerRule{"ConvTranspose", check_deconv},
};

}  // namespace

std::span<const LayerRule> conv_rules() {
  return kRules;
}

}  // namespace mtmi::dla
