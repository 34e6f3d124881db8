// Data sets of scenes on disk.
//
//   DIR/images/000000.png   RGB
//   DIR/labels/000000.png   8 bit, Cityscapes train ids, 255 = ignore
//   DIR/depth/000000.png    16 bit, metres x 256, 0 = none
//   DIR/camera.json         seed, size, and each image's camera
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/core/thread_pool.h"
#include "mtmi/scenes/scene.h"
#include "mtmi/vision/raster.h"

namespace mtmi::scenes {

/// Scenes first .. first + count - 1 of the series `seed`; files are named by their index.
struct DatasetSpec {
  std::uint64_t seed = 0;
  std::int64_t first = 0;
  std::int64_t count = 0;
  SceneSize size;
  CameraRange cameras = CameraRange::Car;
};

/// Renders and writes with all threads of the pool; the files are the same for any number of them.
/// `on_progress` is told now and then, on the calling thread, how many scenes are finished.
/// Each scene's files appear whole; camera.json comes last and names the finished ones only.
/// Throws Error(Io), Error(OutOfMemory), and Error(Interrupted) after Ctrl-C, when camera.json with
/// what was finished has been written.
/// Pre: count >= 1, first >= 0; size as render_scene() wants it.
void write_dataset(const std::filesystem::path& folder,
                   const DatasetSpec& spec,
                   FunctionRef<void(std::int64_t)> on_progress);

/// One scene of a data set: where its files are, and its camera.
struct Sample {
  std::string name;  ///< "000000"
  std::filesystem::path image;
  std::filesystem::path labels;
  std::filesystem::path depth;
  Camera camera;
};

/// What DIR/camera.json names, in its order. Throws Error(Io) if there is none, and
/// Error(InvalidModel) "camera.json: ..." if it is damaged. The other files are not opened.
[[nodiscard]] std::vector<Sample> read_dataset(const std::filesystem::path& folder);

/// Depth [m] as metres x 256, rounded; 0 = none. What is farther than 255.99 m becomes that.
[[nodiscard]] vision::Gray16Image pack_depth(const vision::FloatImage& metres);

/// The inverse of pack_depth(), within 1/512 m.
[[nodiscard]] vision::FloatImage unpack_depth(const vision::Gray16Image& packed);

}  // namespace mtmi::scenes
