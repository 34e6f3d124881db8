// Images brought to the size that a network wants.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/vision/raster.h"

namespace mtmi::vision {

/// What happens to an image of another size than the network's.
enum class SizePolicy {
  Refuse,     ///< an error that names both sizes
  Stretch,    ///< scaled to the size; the aspect ratio changes
  Crop,       ///< the largest centred window of the wanted aspect ratio, then scaled
  Letterbox,  ///< scaled to fit inside, centred, with bars
};

/// "refuse", "stretch", "crop", "letterbox".
[[nodiscard]] std::string_view to_string(SizePolicy policy) noexcept;
/// The inverse; nothing if `name` is none of them.
[[nodiscard]] std::optional<SizePolicy> parse_size_policy(std::string_view name) noexcept;

/// A rectangle of whole pixels: rows y .. y + height - 1, columns x .. x + width - 1.
struct Rect {
  int y = 0;
  int x = 0;
  int height = 0;
  int width = 0;

  bool operator==(const Rect&) const = default;
};

/// Which part of the source lands where in the result.
struct FitGeometry {
  Rect src;
  Rect dst;

  bool operator==(const FitGeometry&) const = default;
};

/// Where a policy puts an image of src_height x src_width in one of dst_height x dst_width.
/// Both rectangles are never empty and lie inside. Pre: all extents are >= 1.
/// Throws Error(InvalidArgument) "got an image of 480x640, expected 512x1024 ..." for Refuse and
/// different sizes.
[[nodiscard]] FitGeometry fit_geometry(
    int src_height, int src_width, int dst_height, int dst_width, SizePolicy policy);

/// Fits images of any size to one size, bilinear, with a wider (antialiasing) triangle where it
/// shrinks. Integer arithmetic: the same pixels everywhere. One thread at a time.
class ImageFitter {
 public:
  /// `bars` fills a letterbox; the default is close to ImageNet's mean, which normalises to 0.
  ImageFitter(int height,
              int width,
              SizePolicy policy,
              std::array<std::uint8_t, 3> bars = {124, 116, 104});

  /// The fitted image: `src` itself if it has the size already, else a buffer of the fitter, valid
  /// until the next call. Allocates only when `src` has another size than the last one.
  /// Throws as fit_geometry(), and Error(OutOfMemory). Pre: `src` is not empty.
  [[nodiscard]] const Image& fit(const Image& src);

 private:
  /// For each output coordinate the first source coordinate and the weights from there on.
  struct Taps {
    int count = 0;  ///< weights per output coordinate
    std::vector<int> first;
    std::vector<std::int32_t> weights;  ///< in 1 / 2^14; each row of `count` sums to 2^14
  };

  static Taps make_taps(int src_begin, int src_extent, int dst_extent);
  void prepare(int src_height, int src_width);
  void resize_columns(const Image& src);
  void resize_rows();

  int height_;
  int width_;
  SizePolicy policy_;
  std::array<std::uint8_t, 3> bars_;
  int src_height_ = 0;
  int src_width_ = 0;
  FitGeometry geometry_;
  Taps horizontal_;
  Taps vertical_;
  Image narrowed_;  // source rows in use, at the result's width
  Image result_;
  std::vector<std::int32_t> sums_;
};

/// ImageFitter for a single image.
[[nodiscard]] Image fit_image(const Image& src, int height, int width, SizePolicy policy);

}  // namespace mtmi::vision
