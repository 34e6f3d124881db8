#include "mtmi/scenes/camera.h"

namespace mtmi::scenes {

std::string_view to_string(CameraRange range) noexcept {
  return range == CameraRange::Wide ? "wide" : "car";
}

std::optional<CameraRange> parse_camera_range(std::string_view name) noexcept {
  for (const CameraRange range : {CameraRange::Car, CameraRange::Wide}) {
    if (name == to_string(range)) {
      return range;
    }
  }
  return std::nullopt;
}

}  // namespace mtmi::scenes
