#include "mtmi/calibration/image_loader.h"

#include <span>

#include <fmt/core.h>

#include "mtmi/core/hash.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::calibration {
namespace {

const Shape& require_image(const Shape& shape) {
  if (shape.rank() != 4 || shape[0] != 1 || shape[1] != 3) {
    throw Error(ErrorCode::InvalidArgument,
                "calibration::ImageLoader",
                "got an input " + to_string(shape) + ", expected one image [1,3,H,W]");
  }
  return shape;
}

vision::SizePolicy policy_of(const vision::Preprocessing& preprocessing) {
  return preprocessing.size_policy == vision::SizePolicy::Refuse ? vision::SizePolicy::Stretch
                                                                 : preprocessing.size_policy;
}

}  // namespace

ImageLoader::ImageLoader(const Shape& shape, const vision::Preprocessing& preprocessing)
    : preprocessing_(preprocessing),
      policy_(policy_of(preprocessing)),
      fitter_(static_cast<int>(require_image(shape)[2]), static_cast<int>(shape[3]), policy_),
      tensor_(DType::Float32, shape) {}

const Tensor& ImageLoader::load(const std::filesystem::path& path) {
  vision::preprocess(fitter_.fit(vision::read_image(path)), preprocessing_, tensor_.data<float>());
  return tensor_;
}

std::string ImageLoader::digest() const {
  const vision::Preprocessing& p = preprocessing_;
  Hasher hasher;
  hasher.update(fmt::format("{} {} {} {}",
                            to_string(tensor_.shape()),
                            to_string(policy_),
                            static_cast<int>(p.color_order),
                            p.scale));
  hasher.update(std::as_bytes(std::span(p.mean)));
  hasher.update(std::as_bytes(std::span(p.std)));
  return hasher.hex_digest();
}

}  // namespace mtmi::calibration
