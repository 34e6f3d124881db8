#include "mtmi/vision/fit.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "mtmi/core/assert.h"
#include "mtmi/error.h"

namespace mtmi::vision {
namespace {

constexpr int kWeightBits = 14;
constexpr std::int32_t kOne = 1 << kWeightBits;

constexpr std::array<std::string_view, 4> kPolicyNames = {"refuse", "stretch", "crop", "letterbox"};

// round(a * b / c), at least 1.
int scaled(int a, int b, int c) {
  const std::int64_t product = std::int64_t{a} * b;
  return static_cast<int>(std::max<std::int64_t>(1, (product + c / 2) / c));
}

// The largest centred rectangle with the aspect ratio of height x width inside of outer.
Rect centred(int outer_height, int outer_width, int height, int width) {
  Rect r{.height = outer_height, .width = outer_width};
  if (std::int64_t{outer_width} * height > std::int64_t{outer_height} * width) {
    r.width = std::min(outer_width, scaled(outer_height, width, height));
  } else {
    r.height = std::min(outer_height, scaled(outer_width, height, width));
  }
  r.y = (outer_height - r.height) / 2;
  r.x = (outer_width - r.width) / 2;
  return r;
}

std::uint8_t to_byte(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp((sum + kOne / 2) >> kWeightBits, 0, 255));
}

}  // namespace

std::string_view to_string(SizePolicy policy) noexcept {
  return kPolicyNames[static_cast<std::size_t>(policy)];
}

std::optional<SizePolicy> parse_size_policy(std::string_view name) noexcept {
  const auto* const found = std::find(kPolicyNames.begin(), kPolicyNames.end(), name);
  if (found == kPolicyNames.end()) {
    return std::nullopt;
  }
  return static_cast<SizePolicy>(found - kPolicyNames.begin());
}

FitGeometry fit_geometry(
    int src_height, int src_width, int dst_height, int dst_width, SizePolicy policy) {
  const Rect all_src{.height = src_height, .width = src_width};
  const Rect all_dst{.height = dst_height, .width = dst_width};
  if (src_height == dst_height && src_width == dst_width) {
    return {all_src, all_dst};
  }
  switch (policy) {
    case SizePolicy::Stretch:
      return {all_src, all_dst};
    case SizePolicy::Crop:
      return {centred(src_height, src_width, dst_height, dst_width), all_dst};
    case SizePolicy::Letterbox:
      return {all_src, centred(dst_height, dst_width, src_height, src_width)};
    case SizePolicy::Refuse:
      break;
  }
  throw Error(ErrorCode::InvalidArgument,
              "vision::fit_geometry",
              "got an image of " + std::to_string(src_height) + "x" + std::to_string(src_width) +
                  ", expected " + std::to_string(dst_height) + "x" + std::to_string(dst_width) +
                  " (HEIGHTxWIDTH)");
}

ImageFitter::ImageFitter(int height, int width, SizePolicy policy, std::array<std::uint8_t, 3> bars)
    : height_(height), width_(width), policy_(policy), bars_(bars) {
  MTMI_ASSERT(height >= 1 && width >= 1);
}

// Output i samples the triangle of radius max(1, scale) around its centre, in half-pixel
// coordinates.
ImageFitter::Taps ImageFitter::make_taps(int src_begin, int src_extent, int dst_extent) {
  const double scale = static_cast<double>(src_extent) / dst_extent;
  const double radius = std::max(1.0, scale);
  Taps taps;
  taps.count = std::min(src_extent, static_cast<int>(std::ceil(radius)) * 2 + 1);
  taps.first.resize(static_cast<std::size_t>(dst_extent));
  taps.weights.resize(taps.first.size() * static_cast<std::size_t>(taps.count));
  std::vector<double> triangle(static_cast<std::size_t>(taps.count));
  for (int i = 0; i < dst_extent; ++i) {
    const double centre = (i + 0.5) * scale - 0.5;
    const int first =
        std::clamp(static_cast<int>(std::floor(centre - radius)) + 1, 0, src_extent - taps.count);
    double total = 0;
    for (int t = 0; t < taps.count; ++t) {
      double& weight = triangle[static_cast<std::size_t>(t)];
      weight = std::max(0.0, 1.0 - std::abs(first + t - centre) / radius);
      total += weight;
    }
    std::int32_t* row =
        taps.weights.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(taps.count);
    std::int32_t left = kOne;
    int largest = 0;
    for (int t = 0; t < taps.count; ++t) {
      row[t] = static_cast<std::int32_t>(
          std::floor(triangle[static_cast<std::size_t>(t)] / total * kOne + 0.5));
      left -= row[t];
      largest = row[t] > row[largest] ? t : largest;
    }
    row[largest] += left;  // so that a flat area keeps its value exactly
    taps.first[static_cast<std::size_t>(i)] = src_begin + first;
  }
  return taps;
}

void ImageFitter::prepare(int src_height, int src_width) {
  geometry_ = fit_geometry(src_height, src_width, height_, width_, policy_);
  horizontal_ = make_taps(geometry_.src.x, geometry_.src.width, geometry_.dst.width);
  vertical_ = make_taps(0, geometry_.src.height, geometry_.dst.height);
  narrowed_ = Image(geometry_.src.height, geometry_.dst.width);
  result_ = Image(height_, width_);
  for (std::size_t i = 0; i < result_.data().size(); ++i) {
    result_.data()[i] = bars_[i % 3];
  }
  sums_.resize(static_cast<std::size_t>(geometry_.dst.width) * 3);
  src_height_ = src_height;
  src_width_ = src_width;
}

void ImageFitter::resize_columns(const Image& src) {
  for (int y = 0; y < narrowed_.height(); ++y) {
    const std::uint8_t* from = src.pixel(geometry_.src.y + y, 0);
    std::uint8_t* to = narrowed_.pixel(y, 0);
    const std::int32_t* weight = horizontal_.weights.data();
    for (const int first : horizontal_.first) {
      std::array<std::int32_t, 3> sum{};
      const std::uint8_t* pixel = from + 3 * first;
      for (int t = 0; t < horizontal_.count; ++t, ++weight, pixel += 3) {
        sum[0] += *weight * pixel[0];
        sum[1] += *weight * pixel[1];
        sum[2] += *weight * pixel[2];
      }
      for (const std::int32_t s : sum) {
        *to++ = to_byte(s);
      }
    }
  }
}

void ImageFitter::resize_rows() {
  const std::int32_t* weight = vertical_.weights.data();
  for (int y = 0; y < geometry_.dst.height; ++y) {
    std::fill(sums_.begin(), sums_.end(), 0);
    const int first = vertical_.first[static_cast<std::size_t>(y)];
    for (int t = 0; t < vertical_.count; ++t, ++weight) {
      if (*weight == 0) {
        continue;
      }
      const std::uint8_t* from = narrowed_.pixel(first + t, 0);
      for (std::size_t i = 0; i < sums_.size(); ++i) {
        sums_[i] += *weight * from[i];
      }
    }
    std::transform(
        sums_.begin(), sums_.end(), result_.pixel(geometry_.dst.y + y, geometry_.dst.x), to_byte);
  }
}

const Image& ImageFitter::fit(const Image& src) {
  MTMI_ASSERT(!src.empty());
  if (src.height() == height_ && src.width() == width_) {
    return src;
  }
  if (src.height() != src_height_ || src.width() != src_width_) {
    prepare(src.height(), src.width());
  }
  resize_columns(src);
  resize_rows();
  return result_;
}

Image fit_image(const Image& src, int height, int width, SizePolicy policy) {
  return ImageFitter(height, width, policy).fit(src);
}

}  // namespace mtmi::vision
