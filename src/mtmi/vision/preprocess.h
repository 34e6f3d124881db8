// An image as the network wants it: normalised planes of float32.
#pragma once

#include <array>
#include <span>

#include "mtmi/vision/fit.h"
#include "mtmi/vision/raster.h"

namespace mtmi::vision {

/// In which order the network's three input planes come.
enum class ColorOrder { Rgb, Bgr };

/// From pixels to the network's input. The default is the usual ImageNet one.
struct Preprocessing {
  ColorOrder color_order = ColorOrder::Rgb;
  /// Per plane, in color_order. [pixel value x scale]
  std::array<float, 3> mean = {123.675F, 116.28F, 103.53F};
  std::array<float, 3> std = {58.395F, 57.12F, 57.375F};
  float scale = 1.0F;  ///< applied first; 1/255 where mean and std are given for 0..1
  SizePolicy size_policy = SizePolicy::Refuse;

  bool operator==(const Preprocessing&) const = default;
};

/// dst[c][y][x] = (src[y][x][c] * scale - mean[c]) / std[c], with planes c in p.color_order.
///
/// Pre: dst.size() == 3 * src.height() * src.width(); every std is finite and not 0. The size
/// policy is fit_image()'s. Allocates nothing; every variant gives the same bits.
void preprocess(const Image& src, const Preprocessing& p, std::span<float> dst);

}  // namespace mtmi::vision
