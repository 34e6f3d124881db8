#include "mtmi/scenes/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/json_failure.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::scenes {
namespace {

constexpr float kDepthUnits = 256;  // per metre

std::string name_of(std::int64_t index) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%06lld", static_cast<long long>(index));
  return name.data();
}

Sample sample_at(const std::filesystem::path& folder, std::string name, const Camera& camera) {
  const std::string file = name + ".png";
  return {.name = std::move(name),
          .image = folder / "images" / file,
          .labels = folder / "labels" / file,
          .depth = folder / "depth" / file,
          .camera = camera};
}

// Renders one scene into its three files.
Sample write_scene(const std::filesystem::path& folder,
                   const DatasetSpec& spec,
                   std::int64_t index) {
  const Scene scene =
      render_scene(spec.seed, static_cast<std::uint64_t>(index), spec.size, spec.cameras);
  Sample sample = sample_at(folder, name_of(index), scene.camera);
  vision::write_png(sample.image, scene.image, vision::PngEffort::Fast);
  vision::write_png(sample.labels, scene.labels, vision::PngEffort::Fast);
  vision::write_png(sample.depth, pack_depth(scene.depth), vision::PngEffort::Fast);
  return sample;
}

void write_cameras(const std::filesystem::path& folder,
                   const DatasetSpec& spec,
                   const std::vector<Sample>& samples) {
  nlohmann::ordered_json json;
  json["seed"] = spec.seed;
  json["size"] = {spec.size.height, spec.size.width};
  json["cameras"] = to_string(spec.cameras);
  json["depth_units_per_metre"] = static_cast<int>(kDepthUnits);
  json["images"] = nlohmann::ordered_json::array();
  for (const Sample& sample : samples) {
    const Camera& c = sample.camera;
    json["images"].push_back({{"name", sample.name},
                              {"focal_px", c.focal},
                              {"principal_point_px", {c.cx, c.cy}},
                              {"height_m", c.height},
                              {"pitch_rad", c.pitch}});
  }
  write_file(folder / "camera.json", json.dump(1) + "\n");
}

float float_from(const nlohmann::json& json, const std::filesystem::path& path) {
  const auto number = json.get<double>();
  if (!(std::abs(number) <= double{std::numeric_limits<float>::max()})) {
    throw Error(ErrorCode::InvalidModel,
                "scenes::read_dataset",
                path.string() + ": got a camera with " + json.dump() + ", too large a number");
  }
  return static_cast<float>(number);
}

Camera camera_from(const nlohmann::json& json, const std::filesystem::path& path) {
  const nlohmann::json& centre = json.at("principal_point_px");
  return {.focal = float_from(json.at("focal_px"), path),
          .cx = float_from(centre.at(0), path),
          .cy = float_from(centre.at(1), path),
          .height = float_from(json.at("height_m"), path),
          .pitch = float_from(json.at("pitch_rad"), path)};
}

}  // namespace

void write_dataset(const std::filesystem::path& folder,
                   const DatasetSpec& spec,
                   FunctionRef<void(std::int64_t)> on_progress) {
  MTMI_ASSERT(spec.count >= 1 && spec.first >= 0);
  for (const char* part : {"images", "labels", "depth"}) {
    create_folder(folder / part);
  }
  const std::int64_t batch = 2 * thread_pool().num_threads();
  std::vector<Sample> finished;
  while (std::ssize(finished) < spec.count && !interrupted()) {
    const std::int64_t begin = std::ssize(finished);
    const std::int64_t count = std::min(batch, spec.count - begin);
    std::vector<std::optional<Sample>> samples(static_cast<std::size_t>(count));
    std::vector<std::exception_ptr> failures(samples.size());
    thread_pool().parallel_for(count, [&](std::int64_t i) {
      const auto at = static_cast<std::size_t>(i);
      try {
        samples[at] = write_scene(folder, spec, spec.first + begin + i);
      } catch (...) {
        failures[at] = std::current_exception();
      }
    });
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (failures[i]) {
        std::rethrow_exception(failures[i]);
      }
      finished.push_back(std::move(*samples[i]));
    }
    on_progress(std::ssize(finished));
  }
  write_cameras(folder, spec, finished);
  if (std::ssize(finished) < spec.count) {
    check_interrupt();
  }
}

std::vector<Sample> read_dataset(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "camera.json";
  const MappedFile file(path);
  try {
    const auto json = nlohmann::json::parse(file.text());
    std::vector<Sample> samples;
    for (const nlohmann::json& image : json.at("images")) {
      const auto name = image.at("name").get<std::string>();
      if (name != file_name_of(name)) {
        throw Error(ErrorCode::InvalidModel,
                    "scenes::read_dataset",
                    path.string() + ": got the image name '" + name + "', expected a file name");
      }
      samples.push_back(sample_at(folder, name, camera_from(image, path)));
    }
    return samples;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::InvalidModel,
                "scenes::read_dataset",
                path.string() + ": damaged data set: " + describe_json_failure(error, file.text()));
  }
}

vision::Gray16Image pack_depth(const vision::FloatImage& metres) {
  vision::Gray16Image packed(metres.height(), metres.width());
  std::transform(
      metres.data().begin(), metres.data().end(), packed.data().begin(), [](float depth) {
        return static_cast<std::uint16_t>(std::clamp(depth * kDepthUnits + 0.5F, 0.0F, 65535.0F));
      });
  return packed;
}

vision::FloatImage unpack_depth(const vision::Gray16Image& packed) {
  vision::FloatImage metres(packed.height(), packed.width());
  std::transform(
      packed.data().begin(), packed.data().end(), metres.data().begin(), [](std::uint16_t units) {
        return static_cast<float>(units) / kDepthUnits;
      });
  return metres;
}

}  // namespace mtmi::scenes
