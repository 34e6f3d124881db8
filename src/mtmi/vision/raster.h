// A rectangle of pixels in memory: what images, label maps and depth maps are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mtmi/core/memory_limit.h"

namespace mtmi::vision {

/// [height, width, kChannels] values of type T, row-major, channels interleaved, rows contiguous.
/// A value: copies share nothing. Thread-compatible.
template <class T, int kChannels>
class Raster {
 public:
  static constexpr int kChannelCount = kChannels;

  /// 0x0.
  Raster() = default;

  /// Every value is `fill`. Pre: height, width >= 0.
  /// Throws Error(OutOfMemory) if the memory limit (core/memory_limit.h) does not allow it.
  Raster(int height, int width, T fill = T{})
      : height_(height), width_(width), data_(allowed_count(height, width), fill) {}

  [[nodiscard]] int height() const noexcept { return height_; }

  [[nodiscard]] int width() const noexcept { return width_; }

  [[nodiscard]] bool empty() const noexcept { return data_.empty(); }

  /// All values, height * width * kChannels of them.
  [[nodiscard]] std::span<T> data() noexcept { return data_; }

  [[nodiscard]] std::span<const T> data() const noexcept { return data_; }

  /// The values of row y, width * kChannels of them. Pre: 0 <= y < height.
  [[nodiscard]] std::span<T> row(int y) noexcept {
    return std::span(data_).subspan(at(y, 0), stride());
  }

  [[nodiscard]] std::span<const T> row(int y) const noexcept {
    return std::span(data_).subspan(at(y, 0), stride());
  }

  /// The first channel of pixel (y, x); the others follow. Pre: 0 <= y < height, 0 <= x < width.
  [[nodiscard]] T* pixel(int y, int x) noexcept { return data_.data() + at(y, x); }

  [[nodiscard]] const T* pixel(int y, int x) const noexcept { return data_.data() + at(y, x); }

  bool operator==(const Raster&) const = default;

 private:
  static std::size_t allowed_count(int height, int width) {
    const std::size_t count =
        static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * kChannels;
    require_memory(count * sizeof(T),
                   "an image of " + std::to_string(height) + "x" + std::to_string(width));
    return count;
  }

  [[nodiscard]] std::size_t stride() const noexcept {
    return static_cast<std::size_t>(width_) * kChannels;
  }

  [[nodiscard]] std::size_t at(int y, int x) const noexcept {
    return static_cast<std::size_t>(y) * stride() + static_cast<std::size_t>(x) * kChannels;
  }

  int height_ = 0;
  int width_ = 0;
  std::vector<T> data_;
};

using Image = Raster<std::uint8_t, 3>;         ///< red, green, blue, each 0..255 (sRGB)
using Gray8Image = Raster<std::uint8_t, 1>;    ///< e.g. class ids
using Gray16Image = Raster<std::uint16_t, 1>;  ///< e.g. depth as metres x 256
using FloatImage = Raster<float, 1>;           ///< e.g. depth [m]

/// "1024x2048": HEIGHTxWIDTH, as everywhere in mtmi.
template <class T, int kChannels>
[[nodiscard]] std::string size_text(const Raster<T, kChannels>& raster) {
  return std::to_string(raster.height()) + "x" + std::to_string(raster.width());
}

}  // namespace mtmi::vision
