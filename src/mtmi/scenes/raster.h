// Triangles to samples: which triangle is seen where, and how far away it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mtmi/scenes/lanes.h"
#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

/// A vertex on the screen. `w` grows towards the eye and is linear on the screen for a plane:
/// 1 / depth under perspective, minus the depth in a parallel view.
struct ScreenVertex {
  float x;
  float y;
  float w;
};

/// The same, four side by side.
struct ScreenVertices {
  Floats x;
  Floats y;
  Floats w;
};

/// Number of a triangle where there is none.
inline constexpr std::uint32_t kNothing = 0xFFFFFFFFU;

/// Samples of a pixel: four grids of samples, each moved by an offset of its own within its pixel.
using SampleOffsets = std::array<Vec2, kLanes>;

/// What is nearest at the four samples of a pixel.
struct PixelSamples {
  Floats w;
  Words id;
};

/// What is nearest at the samples of a band of rows.
struct SampleBuffer {
  /// Forgets what was seen. Rows y_begin .. y_begin + rows - 1 of an image of this width.
  void reset(int width, int y_begin, int rows);

  [[nodiscard]] std::size_t at(int y, int x) const {
    return static_cast<std::size_t>(y - y_begin) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }

  int width = 0;
  int y_begin = 0;
  int rows = 0;
  std::vector<PixelSamples> pixels;  ///< rows * width
};

/// How near the nearest is at the centre of each pixel of a square.
struct DepthMap {
  explicit DepthMap(int side);

  [[nodiscard]] std::size_t at(int y, int x) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
           static_cast<std::size_t>(x);
  }

  int side;
  std::vector<float> w;  ///< side * side, and some more that nobody reads
};

/// The smallest rectangle around a triangle.
struct Bounds {
  Bounds(const ScreenVertex& a, const ScreenVertex& b, const ScreenVertex& c);

  /// Whether any of it can be within a picture of this size.
  [[nodiscard]] bool meet(float width, float height) const {
    return x_max >= 0 && x_min <= width && y_max >= 0 && y_min <= height;
  }

  float x_min;
  float x_max;
  float y_min;
  float y_max;
};

/// False if the triangle lies between all samples (x + offset.x, y + offset.y): most small ones do.
/// Pre: it meets the image.
[[nodiscard]] bool may_meet_sample(const Bounds& bounds, const SampleOffsets& offsets);

/// A triangle ready to be drawn. Two triangles that share an edge leave no gap between them: the
/// edges' coefficients are negated, to the bit.
class RasterTriangle {
 public:
  RasterTriangle(const ScreenVertex& a, const ScreenVertex& b, const ScreenVertex& c);

  /// Without area, or without finite coordinates: nothing to draw.
  [[nodiscard]] bool empty() const { return empty_; }

  [[nodiscard]] float y_min() const { return y_min_; }

  [[nodiscard]] float y_max() const { return y_max_; }

  /// Writes w and `id` wherever this triangle is nearer at the samples (x + offset.x, y +
  /// offset.y), for each of the four offsets.
  void draw(SampleBuffer& buffer, const SampleOffsets& offsets, std::uint32_t id) const;

  /// Writes w wherever this triangle is nearer at (x + 0.5, y + 0.5).
  void draw(DepthMap& map) const;

 private:
  /// On four rows of samples: the first and the last sample inside, whole numbers, of which there
  /// are none if last < first; and w at the first.
  struct Rows {
    Floats first;
    Floats last;
    Floats w;
  };

  /// Of rows at `y` with samples at x + offset_x, in an image of this width.
  [[nodiscard]] Rows rows_at(const Doubles& y, const Doubles& offset_x, int width) const;
  void draw_row(const Rows& rows, PixelSamples* row, std::uint32_t id) const;
  void draw_run(float first_w, int count, float* w) const;
  [[nodiscard]] Floats clamp_w(Floats w) const;

  /// On a row y it is at x = x0 + y * slope.
  struct Edge {
    double x0;
    double slope;
  };

  /// The inside is right of both left edges and left of both right ones; what a triangle has less
  /// of lies at infinity. Level sides are bounded by y_min_ and y_max_.
  std::array<Edge, 2> left_;
  std::array<Edge, 2> right_;
  float y_min_ = 0;
  float y_max_ = 0;
  float w_min_ = 0;
  float w_max_ = 0;
  double w0_ = 0;
  double wx_ = 0;
  double wy_ = 0;
  bool empty_ = true;
};

}  // namespace mtmi::scenes
