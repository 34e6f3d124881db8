// Image files as the tensor that a network takes.
#pragma once

#include <filesystem>
#include <string>

#include "mtmi/shape.h"
#include "mtmi/tensor.h"
#include "mtmi/vision/fit.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::calibration {

/// For an input f32[1,3,H,W]. Allocates the tensor once. One thread at a time.
class ImageLoader {
 public:
  /// Images of another size are fitted by preprocessing.size_policy, stretched where that refuses:
  /// ranges are taken from any image. Throws Error(InvalidArgument) if `shape` is no image's.
  ImageLoader(const Shape& shape, const vision::Preprocessing& preprocessing);

  /// Valid until the next call. Throws as vision::read_image().
  [[nodiscard]] const Tensor& load(const std::filesystem::path& path);

  /// Of all that decides what an image becomes.
  [[nodiscard]] std::string digest() const;

 private:
  vision::Preprocessing preprocessing_;
  vision::SizePolicy policy_;
  vision::ImageFitter fitter_;
  Tensor tensor_;
};

}  // namespace mtmi::calibration
