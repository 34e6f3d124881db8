// mtmi scenes: synthetic driving scenes with exact labels and depth.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_bar.h"
#include "mtmi/cli/sizes.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/output_path.h"
#include "mtmi/error.h"
#include "mtmi/scenes/dataset.h"

namespace mtmi::cli {
namespace {

constexpr std::int64_t kMinSide = 16;
constexpr std::int64_t kMaxSide = 8192;

struct Options {
  std::string folder;
  std::string size = "1024x1024";
  std::string cameras = "car";
  scenes::DatasetSpec spec;
};

scenes::SceneSize parse_scene_size(const std::string& text) {
  const PixelSize size = parse_pixel_size(text);
  const auto fits = [](std::int64_t side) { return side >= kMinSide && side <= kMaxSide; };
  if (!fits(size.height) || !fits(size.width)) {
    throw Error(
        ErrorCode::InvalidArgument,
        "cli::scenes",
        fmt::format("got '{}', expected {} to {} pixels on each side", text, kMinSide, kMaxSide));
  }
  return {.height = static_cast<int>(size.height), .width = static_cast<int>(size.width)};
}

ExitCode draw(Options options, const CommonOptions& common) {
  require_can_write_into(options.folder);
  options.spec.size = parse_scene_size(options.size);
  options.spec.cameras = *scenes::parse_camera_range(options.cameras);
  ProgressBar progress("scenes", options.spec.count, common);
  const auto show = [&progress](std::int64_t done) { progress.update(done); };
  scenes::write_dataset(options.folder, options.spec, show);
  if (common.json) {
    print_json({{"folder", options.folder},
                {"count", options.spec.count},
                {"first", options.spec.first},
                {"seed", options.spec.seed},
                {"height", options.spec.size.height},
                {"width", options.spec.size.width}});
  } else {
    print(fmt::format("{}: {} scenes of {}x{} with labels and depth\n",
                      options.folder,
                      options.spec.count,
                      options.spec.size.height,
                      options.spec.size.width));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_scenes(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("-o,--output", options->folder, "Folder for images, labels, depth and camera.json")
      ->required();
  app.add_option("--count", options->spec.count, "Scenes")
      ->required()
      ->check(whole_number(1, 1'000'000));
  app.add_option("--size", options->size, "HEIGHTxWIDTH in pixels")
      ->capture_default_str()
      ->check(
          parsed_by([](const std::string& text) { static_cast<void>(parse_scene_size(text)); }));
  app.add_option("--cameras", options->cameras, "car, or wide: beyond what was trained on")
      ->capture_default_str()
      ->check(one_of({"car", "wide"}));
  app.add_option("--seed", options->spec.seed, "Of the series of scenes")
      ->capture_default_str()
      ->check(whole_number(0));
  app.add_option("--first", options->spec.first, "Index of the first scene in its series")
      ->capture_default_str()
      ->check(whole_number(0, 1'000'000'000));
  return [options](const CommonOptions& common) { return draw(*options, common); };
}

}  // namespace mtmi::cli
