// A folder of scenes with their truth: what networks are evaluated on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/scenes/dataset.h"
#include "mtmi/vision/raster.h"

namespace mtmi::eval {

/// An image and what is true of its pixels; all three of the same size.
struct TrueScene {
  std::string name;  ///< "000000"
  vision::Image image;
  vision::Gray8Image labels;  ///< class ids; vision::kIgnoreLabel where there is none
  vision::FloatImage depth;   ///< along the optical axis [m]; 0 where there is none
  float focal = 0.0F;         ///< of the camera [pixels]
};

/// The scenes of a folder as `mtmi scenes` writes it (scenes/dataset.h). Thread-safe.
class SceneSet {
 public:
  /// The first `limit` scenes that camera.json names (0: all), each of which has its three files.
  /// No picture is decoded yet.
  ///
  /// Throws Error(Io) without camera.json, Error(InvalidModel) naming the file: a scene lacks one,
  /// the folder images/ has a picture that camera.json does not name, a name stands there twice, a
  /// focal length is not above 0, or there is no scene at all.
  explicit SceneSet(const std::filesystem::path& folder, std::size_t limit = 0);

  [[nodiscard]] std::size_t size() const noexcept { return samples_.size(); }

  /// Pre: i < size().
  [[nodiscard]] const std::string& name(std::size_t i) const noexcept { return samples_[i].name; }

  /// Reads the three files. Throws what reading images throws, and Error(InvalidModel) naming the
  /// file whose size is not the image's. Pre: i < size().
  [[nodiscard]] TrueScene load(std::size_t i) const;

 private:
  std::vector<scenes::Sample> samples_;
};

}  // namespace mtmi::eval
