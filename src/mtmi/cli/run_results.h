// run.json: what stands in a folder of dumps, so that they can be drawn without the bundle.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "mtmi/shape.h"
#include "mtmi/vision/palette.h"

namespace mtmi::cli {

/// The dumps of one head: IMAGE + suffix for every image.
struct HeadDump {
  std::string name;
  std::string task;         ///< "segmentation", "labels", "depth", "raw"
  std::string suffix;       ///< "_seg.bin", "_depth.bin", "_NAME.npy"
  Shape shape;              ///< segmentation: [classes,H,W] int8 scores; depth: [H,W] float32
  vision::Palette classes;  ///< of a segmentation, or of labels
  /// metres = metres_scale * dump + metres_offset, at most cap.
  float metres_scale = 1.0F;
  float metres_offset = 0.0F;
  float cap = 80.0F;
};

/// run.json as a value.
struct RunResults {
  std::vector<std::string> images;  ///< stems of the dumps' names, in the order of the frames
  std::map<std::string, std::string> hashes;  ///< of the image files' bytes, by stem
  std::vector<HeadDump> heads;
};

[[nodiscard]] std::string to_json(const RunResults& results);
/// Throws Error(Io) if there is no run.json in `folder`, Error(InvalidModel) if it is damaged.
[[nodiscard]] RunResults read_run_results(const std::filesystem::path& folder);

}  // namespace mtmi::cli
