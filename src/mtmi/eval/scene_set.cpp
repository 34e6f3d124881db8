#include "mtmi/eval/scene_set.h"

#include <array>
#include <set>

#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::eval {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& message) {
  throw Error(ErrorCode::InvalidModel, "eval::SceneSet", file.string() + ": " + message);
}

void check_sample(const scenes::Sample& sample, const std::filesystem::path& cameras) {
  for (const auto* file : {&sample.image, &sample.labels, &sample.depth}) {
    if (!std::filesystem::is_regular_file(*file)) {
      refuse(*file, "no such file, but camera.json names scene '" + sample.name + "'");
    }
  }
  if (!(sample.camera.focal > 0.0F)) {
    refuse(cameras,
           "scene '" + sample.name + "': got a focal length of " +
               std::to_string(sample.camera.focal) + ", expected pixels above 0");
  }
}

/// A picture that camera.json does not know was misnamed, or belongs to another set.
void check_for_strangers(const std::filesystem::path& folder, const std::set<std::string>& known) {
  const std::array paths{folder / "images"};
  for (const std::filesystem::path& file : vision::list_images(paths)) {
    if (file.extension() != ".png" || !known.contains(file.stem().string())) {
      refuse(file, "camera.json names no scene of this file");
    }
  }
}

template <class R>
void check_size(const vision::Image& image, const R& other, const std::filesystem::path& file) {
  if (other.height() != image.height() || other.width() != image.width()) {
    refuse(file, "got " + size_text(other) + ", expected " + size_text(image) + " as the image");
  }
}

}  // namespace

SceneSet::SceneSet(const std::filesystem::path& folder, std::size_t limit)
    : samples_(scenes::read_dataset(folder)) {
  const std::filesystem::path cameras = folder / "camera.json";
  if (samples_.empty()) {
    refuse(cameras, "got no scenes, expected at least one");
  }
  std::set<std::string> known;
  for (const scenes::Sample& sample : samples_) {
    check_sample(sample, cameras);
    if (!known.insert(sample.name).second) {
      refuse(cameras, "names scene '" + sample.name + "' twice");
    }
  }
  check_for_strangers(folder, known);
  if (limit > 0 && limit < samples_.size()) {
    samples_.resize(limit);
  }
}

TrueScene SceneSet::load(std::size_t i) const {
  const scenes::Sample& sample = samples_[i];
  TrueScene scene;
  scene.name = sample.name;
  scene.image = vision::read_image(sample.image);
  scene.labels = vision::read_gray8(sample.labels);
  check_size(scene.image, scene.labels, sample.labels);
  const vision::Gray16Image packed = vision::read_gray16(sample.depth);
  check_size(scene.image, packed, sample.depth);
  scene.depth = scenes::unpack_depth(packed);
  scene.focal = sample.camera.focal;
  return scene;
}

}  // namespace mtmi::eval
