// How Conv, ConvTranspose and the poolings read kernel_shape, strides, dilations, pads, auto_pad.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/core/window.h"
#include "mtmi/graph/attributes.h"
#include "mtmi/shape.h"

namespace mtmi::ops {

/// The most spatial axes that mtmi's convolutions and poolings have.
inline constexpr int kMaxSpatialRank = 3;

/// Whether a last window that only partly fits counts as an output.
enum class PartialWindows { Drop, Keep };

/// The windows of a convolution or pooling over the spatial extents `in`, outermost first, with
/// everything but `out` filled in and `pads` as auto_pad leaves them (0 for SAME_*, which depends
/// on `out`). Every stride and dilation is in [1, 2^31), every pad in [0, 2^31), kernels are >= 1.
/// Throws Error(InvalidModel) for anything else, and for lists of the wrong length.
[[nodiscard]] std::vector<Window> read_windows(const Attributes& attributes,
                                               std::span<const std::int64_t> in,
                                               std::span<const std::int64_t> kernel);

/// read_windows() with the extents of the output and the pads of auto_pad:
/// out = floor or ceil((in + pads - reach) / stride) + 1; for SAME_* ceil(in / stride).
/// A kept partial window starts inside the source or its leading padding.
/// Throws Error(InvalidModel) as above, and where a window is larger than the padded source.
[[nodiscard]] std::vector<Window> slide_windows(const Attributes& attributes,
                                                std::span<const std::int64_t> in,
                                                std::span<const std::int64_t> kernel,
                                                PartialWindows partial);

/// The windows of the convolution that a transposed one transposes: `out` is the extent of the
/// transposed convolution's source, one of `src`, and `in` that of its destination,
/// (src - 1) * stride + reach + output_padding - pads; or output_shape, or for SAME_* src * stride,
/// and then the pads follow from it.
/// Throws Error(InvalidModel) as read_windows(), and where no element would be left.
[[nodiscard]] std::vector<Window> transpose_windows(const Attributes& attributes,
                                                    std::span<const std::int64_t> src,
                                                    std::span<const std::int64_t> kernel);

/// Attribute kernel_shape, one entry per spatial axis. Throws Error(InvalidModel) if it is missing
/// or of another length.
[[nodiscard]] std::vector<std::int64_t> read_kernel_shape(const Attributes& attributes,
                                                          std::size_t spatial_rank);

/// The extents behind the first two axes. Pre: rank >= 2.
[[nodiscard]] std::span<const std::int64_t> spatial_extents(const Shape& shape);

/// [n, channels, windows[0].out, ...]
[[nodiscard]] Shape windowed_shape(std::int64_t n,
                                   std::int64_t channels,
                                   std::span<const Window> windows);

}  // namespace mtmi::ops
