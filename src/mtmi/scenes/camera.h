// The pinhole camera behind a scene.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mtmi::scenes {

/// Pixel (column x, row y) covers [x, x+1) x [y, y+1); labels and depths are those of its centre
/// (x + 0.5, y + 0.5). A point at (X right, Y down, Z forward) [m] in the camera's frame is seen at
/// (cx + focal * X / Z, cy + focal * Y / Z), and its depth is Z. The camera has no roll.
struct Camera {
  float focal = 0;  ///< [pixels]
  float cx = 0;     ///< the principal point [pixels]
  float cy = 0;
  float height = 0;  ///< above the road under it [m]
  float pitch = 0;   ///< > 0 looks up [radians]

  bool operator==(const Camera&) const = default;
};

/// Which cameras are drawn: at random within ranges.
enum class CameraRange : std::uint8_t {
  /// Focal lengths 0.75 to 1.25 x sqrt(height x width), 1.3 to 1.8 m high, pitched by -4 to +4
  /// degrees: what the shipped network was trained on.
  Car,
  /// 0.5 to 2 x, 0.9 to 2.6 m, -10 to +10 degrees: to test how far a network carries.
  Wide,
};

/// "car", "wide".
[[nodiscard]] std::string_view to_string(CameraRange range) noexcept;
[[nodiscard]] std::optional<CameraRange> parse_camera_range(std::string_view name) noexcept;

}  // namespace mtmi::scenes
