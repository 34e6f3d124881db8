// Triangles to samples: which triangle is seen where, and how far away it is.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

/// A vertex on the screen. `w` grows towards the eye and is linear on the screen for a plane:
/// 1 / depth under perspective, minus the depth in a parallel view.
struct ScreenVertex {
  float x;
  float y;
  float w;
};

/// Number of a triangle where there is none.
inline constexpr std::uint32_t kNothing = 0xFFFFFFFFU;

/// What is nearest at one sample per pixel, for a band of rows.
struct SampleBuffer {
  /// Forgets what was seen. Rows y_begin .. y_begin + rows - 1 of an image of this width. Without
  /// ids only w is kept.
  void reset(int width, int y_begin, int rows, bool with_ids = true);

  [[nodiscard]] std::size_t at(int y, int x) const {
    return static_cast<std::size_t>(y - y_begin) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }

  int width = 0;
  int y_begin = 0;
  int rows = 0;
  std::vector<float> w;           ///< rows * width, and some more that nobody reads
  std::vector<std::uint32_t> id;  ///< the same; empty without ids
};

/// Samples of a row under a triangle: w is row_w + i * step, within [w_min, w_max].
struct Run {
  float row_w;
  float step;
  float w_min;
  float w_max;
  int count;  ///< none if < 1

  [[nodiscard]] float w_at(int i) const {
    const float here = row_w + static_cast<float>(i) * step;
    const float above = here < w_min ? w_min : here;
    return w_max < above ? w_max : above;
  }
};

/// False if the triangle lies between the samples (x + offset.x, y + offset.y): most small ones do.
/// Pre: it meets the image.
[[nodiscard]] bool may_meet_sample(const ScreenVertex& a,
                                   const ScreenVertex& b,
                                   const ScreenVertex& c,
                                   Vec2 offset);

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
  /// offset.y).
  void draw(SampleBuffer& buffer, Vec2 offset, std::uint32_t id) const;

  /// The same for four samples a pixel. Pre: the buffers cover the same rows and columns.
  void draw(const std::array<SampleBuffer*, 4>& buffers,
            const std::array<Vec2, 4>& offsets,
            std::uint32_t id) const;

 private:
  void draw_row(const Run& run, SampleBuffer& buffer, std::size_t at, std::uint32_t id) const;

  /// The first and the last sample on a row of N grids of samples, whole numbers, and w at the
  /// first.
  template <std::size_t N>
  struct Rows {
    std::array<double, N> x_first;
    std::array<double, N> x_last;
    std::array<float, N> w;
  };

  template <std::size_t N>
  void draw_into(const std::array<SampleBuffer*, N>& buffers,
                 const std::array<Vec2, N>& offsets,
                 std::uint32_t id) const;
  template <std::size_t N>
  [[nodiscard]] Rows<N> rows_at(int y, int width, const std::array<Vec2, N>& offsets) const;

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
  bool is_narrow_ = false;  ///< no row has more than a few samples
  bool empty_ = true;
};

}  // namespace mtmi::scenes
