#include "mtmi/scenes/renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "mtmi/scenes/eye.h"
#include "mtmi/scenes/projection.h"
#include "mtmi/scenes/raster.h"
#include "mtmi/scenes/shading.h"
#include "mtmi/scenes/shots.h"

namespace mtmi::scenes {
namespace {

constexpr float kNear = 0.25F;  // [m]; nearer things are cut off
constexpr int kBandRows = 16;   // so that a band's samples stay in the cache
constexpr int kShadedRows = 4;  // at a time: many enough that the same surfaces come again

// The first is the pixel's centre, of which labels and depth are; the others lie around it, no two
// in a row or column.
constexpr SampleOffsets kSamples = {
    {{0.5F, 0.5F}, {0.886F, 0.604F}, {0.217F, 0.783F}, {0.396F, 0.114F}}};

Vertex between(const Vertex& a, const Vertex& b, float t) {
  return {
      lerp(a.position, b.position, t), lerp(a.normal, b.normal, t), a.uv + (b.uv + a.uv * -1) * t};
}

// One image in the making.
class Canvas {
 public:
  Canvas(Geometry geometry, const Light& light, const Camera& camera, int height, int width)
      : eye_(camera),
        height_(height),
        width_(width),
        geometry_(std::move(geometry)),
        shading_(
            geometry_, light, static_cast<int>(std::sqrt(static_cast<double>(height) * width))),
        shader_({.eye = eye_, .geometry = geometry_, .screen = screen_, .shading = shading_}) {
    result_.radiance = RadianceImage(height, width);
    result_.labels = vision::Gray8Image(height, width, kSky);
    result_.depth = vision::FloatImage(height, width);
    bands_.resize(static_cast<std::size_t>((height_ + kBandRows - 1) / kBandRows));
    project_all();
    for (int y = 0; y < height_; y += kBandRows) {
      draw_band(y, std::min(kBandRows, height_ - y));
    }
  }

  [[nodiscard]] Rendering take() { return std::move(result_); }

 private:
  void project_all() {
    depths_.resize(geometry_.vertices.size());
    screen_ = project_vertices(geometry_.vertices, [this](const Vectors& points, std::size_t at) {
      const Vectors in_frame = eye_.in_frame(points);
      store(in_frame.z, &depths_[at]);
      return project(in_frame);
    });
    const std::size_t whole = geometry_.triangles.size();
    visible_.reserve(whole);  // moving them to a larger place would cost more than drawing them
    for (std::uint32_t i = 0; i < whole; ++i) {
      const auto& v = geometry_.triangles[i].vertex;
      const int behind = (depths_[v[0]] < kNear ? 1 : 0) + (depths_[v[1]] < kNear ? 1 : 0) +
                         (depths_[v[2]] < kNear ? 1 : 0);
      if (behind == 0) {
        add_visible(i);
      } else if (behind < 3) {
        add_clipped(geometry_.triangles[i]);
      }
    }
  }

  [[nodiscard]] ScreenVertices project(Vectors in_frame) const {
    in_frame.z = larger(in_frame.z, kNear * 0.5F);  // what is nearer is cut off before it is drawn
    return eye_.project(in_frame);
  }

  void add_vertex(const Vertex& v) {
    geometry_.vertices.push_back(v);
    const Vectors in_frame = eye_.in_frame(v.position);
    const ScreenVertices seen = project(in_frame);
    depths_.push_back(in_frame.z[0]);
    screen_.push_back({seen.x[0], seen.y[0], seen.w[0]});
  }

  // Adds what of a triangle is beyond kNear as new triangles.
  void add_clipped(const Triangle t) {
    std::array<std::uint32_t, 4> polygon{};
    std::size_t corners = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t here = t.vertex[i];
      const std::uint32_t next = t.vertex[(i + 1) % 3];
      const float z0 = depths_[here];
      const float z1 = depths_[next];
      if (z0 >= kNear) {
        polygon[corners++] = here;
      }
      if ((z0 < kNear) != (z1 < kNear)) {
        Vertex cut =
            between(geometry_.vertices[here], geometry_.vertices[next], (kNear - z0) / (z1 - z0));
        polygon[corners++] = static_cast<std::uint32_t>(geometry_.vertices.size());
        add_vertex(cut);
      }
    }
    for (std::size_t i = 2; i < corners; ++i) {
      geometry_.triangles.push_back({{polygon[0], polygon[i - 1], polygon[i]}, t.part});
      add_visible(static_cast<std::uint32_t>(geometry_.triangles.size() - 1));
    }
  }

  void add_visible(std::uint32_t triangle) {
    const auto& v = geometry_.triangles[triangle].vertex;
    const ScreenVertex& a = screen_[v[0]];
    const ScreenVertex& b = screen_[v[1]];
    const ScreenVertex& c = screen_[v[2]];
    const Bounds bounds(a, b, c);
    if (!bounds.meet(static_cast<float>(width_), static_cast<float>(height_)) ||
        !may_meet_sample(bounds, kSamples)) {
      return;
    }
    const RasterTriangle raster(a, b, c);
    if (!raster.empty()) {
      add_to_bands(static_cast<std::uint32_t>(visible_.size()), raster);
      visible_.push_back({raster, triangle});
    }
  }

  void add_to_bands(std::uint32_t number, const RasterTriangle& t) {
    const auto last_row = static_cast<float>(height_ - 1);
    const int first = static_cast<int>(clamp(t.y_min() - 1, 0, last_row)) / kBandRows;
    const int last = static_cast<int>(clamp(t.y_max(), 0, last_row)) / kBandRows;
    for (int band = first; band <= last; ++band) {
      bands_[static_cast<std::size_t>(band)].push_back(number);
    }
  }

  void draw_band(int y_begin, int rows) {
    samples_.reset(width_, y_begin, rows);
    for (const std::uint32_t i : bands_[static_cast<std::size_t>(y_begin / kBandRows)]) {
      visible_[i].raster.draw(samples_, kSamples, visible_[i].triangle);
    }
    for (int y = y_begin; y < y_begin + rows; y += kShadedRows) {
      finish_rows(y, std::min(kShadedRows, y_begin + rows - y));
    }
  }

  void finish_rows(int y_begin, int rows) {
    shots_.clear();
    for (int y = y_begin; y < y_begin + rows; ++y) {
      for (int x = 0; x < width_; ++x) {
        take_centre(y, x);
        add_shots(y, x);
      }
    }
    const std::span<const Vec3> colors = shader_.shade(shots_);
    for (std::size_t i = 0; i < colors.size(); ++i) {
      const Vec3 color = colors[i] * shots_[i].weight;
      float* pixel = &result_.radiance.data()[std::size_t{3} * shots_[i].pixel];
      pixel[0] += color.x;
      pixel[1] += color.y;
      pixel[2] += color.z;
    }
  }

  void take_centre(int y, int x) {
    const PixelSamples& samples = samples_.pixels[samples_.at(y, x)];
    const std::uint32_t centre = samples.id[0];
    if (centre != kNothing) {
      *result_.labels.pixel(y, x) = part_of(centre).label;
      *result_.depth.pixel(y, x) = 1.0F / samples.w[0];
    }
  }

  // Each surface is shaded once, with the weight of its samples.
  void add_shots(int y, int x) {
    const PixelSamples& samples = samples_.pixels[samples_.at(y, x)];
    if (!any(samples.id != samples.id[0])) {
      add_shot(samples, 0, y, x, 1);
      return;
    }
    std::array<bool, kLanes> done{};
    for (std::size_t s = 0; s < kLanes; ++s) {
      if (done[s]) {
        continue;
      }
      float weight = 0;
      for (std::size_t other = s; other < kLanes; ++other) {
        if (!done[other] && is_same_surface(samples.id[s], samples.id[other])) {
          done[other] = true;
          weight += 1.0F / kLanes;
        }
      }
      add_shot(samples, s, y, x, weight);
    }
  }

  void add_shot(const PixelSamples& samples, std::size_t s, int y, int x, float weight) {
    shots_.push_back({.triangle = samples.id[s],
                      .x = static_cast<float>(x) + kSamples[s].x,
                      .y = static_cast<float>(y) + kSamples[s].y,
                      .w = samples.w[s],
                      .weight = weight,
                      .pixel = static_cast<std::uint32_t>(y * width_ + x)});
  }

  [[nodiscard]] const Part& part_of(std::uint32_t triangle) const {
    return geometry_.parts[geometry_.triangles[triangle].part];
  }

  [[nodiscard]] bool is_same_surface(std::uint32_t a, std::uint32_t b) const {
    return a == b || (a != kNothing && b != kNothing &&
                      geometry_.triangles[a].part == geometry_.triangles[b].part);
  }

  Eye eye_;
  int height_;
  int width_;
  Geometry geometry_;
  Shading shading_;
  std::vector<ScreenVertex> screen_;  // of geometry_.vertices, as is depths_
  std::vector<float> depths_;

  struct Visible {
    RasterTriangle raster;
    std::uint32_t triangle;
  };

  std::vector<Visible> visible_;
  std::vector<std::vector<std::uint32_t>> bands_;
  SampleBuffer samples_;
  std::vector<Shot> shots_;  // of a few rows
  ShotShader shader_;
  Rendering result_;
};

}  // namespace

Rendering render(
    Geometry geometry, const Light& light, const Camera& camera, int height, int width) {
  return Canvas(std::move(geometry), light, camera, height, width).take();
}

}  // namespace mtmi::scenes
