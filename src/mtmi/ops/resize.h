// Resize: what its many attributes come down to, per axis.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

enum class ResizeMode { Nearest, Linear, Cubic };

/// Which source coordinate an output coordinate stands for; see resize_coordinate().
enum class CoordinateMode {
  HalfPixel,
  HalfPixelSymmetric,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  TfCropAndResize,
};

enum class NearestMode { RoundPreferFloor, RoundPreferCeil, Floor, Ceil };

/// What is the same for all axes.
struct ResizeRule {
  ResizeMode mode = ResizeMode::Nearest;
  CoordinateMode coordinates = CoordinateMode::HalfPixel;
  NearestMode nearest = NearestMode::RoundPreferFloor;
  double cubic_a = -0.75;
  bool exclude_outside = false;  ///< taps outside the source get weight 0, the others are rescaled
  bool antialias = false;        ///< widen the filter by 1 / scale where scale < 1
  double extrapolation_value = 0.0;  ///< TfCropAndResize: for coordinates outside the source
};

/// One axis.
struct ResizeAxis {
  std::int64_t in = 1;
  std::int64_t out = 1;
  double scale = 1.0;      ///< out / in before rounding, finite and > 0
  double roi_begin = 0.0;  ///< of the source, normalised; TfCropAndResize only
  double roi_end = 1.0;
  bool operator==(const ResizeAxis&) const = default;
};

struct ResizeGeometry {
  ResizeRule rule;
  std::vector<ResizeAxis> axes;  ///< one per axis of the source

  [[nodiscard]] Shape dst_shape() const;
};

/// The geometry of a Resize node. Throws Error(InvalidModel | Unsupported) for attributes, scales
/// or sizes that contradict each other or are not known beforehand.
[[nodiscard]] ResizeGeometry resize_geometry(const InferContext& context);

/// The source coordinate of output `o`; outside [0, in - 1] is allowed.
[[nodiscard]] double resize_coordinate(CoordinateMode mode, const ResizeAxis& axis, std::int64_t o);

/// The taps of one output along one axis: dst[o] = sum over i of weights[i] * src[indices[i]], plus
/// `offset`, which replaces the sum (no taps) where the coordinate is extrapolated.
struct ResizeTaps {
  std::vector<std::int64_t> indices;  ///< in [0, in), not necessarily distinct
  std::vector<double> weights;
  double offset = 0.0;
};

/// Pre: axis.in > 0, 0 <= o < axis.out.
[[nodiscard]] ResizeTaps resize_taps(const ResizeRule& rule,
                                     const ResizeAxis& axis,
                                     std::int64_t o);

/// Whether the axis is copied as it is: every output is the input of the same index.
[[nodiscard]] bool is_identity(const ResizeRule& rule, const ResizeAxis& axis);

}  // namespace mtmi::ops
