// mtmi features: what the encoder makes of images, as files.
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/calibration/feature_folder.h"
#include "mtmi/cli/encoder_files.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_bar.h"
#include "mtmi/cli/split_folder.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/output_path.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string split;
  std::vector<std::string> images;
  std::string folder;
};

ExitCode write_features(const Options& options, const CommonOptions& common) {
  require_can_write_into(options.folder);
  const SplitFolder split = read_split_folder(options.split);
  const std::vector<std::filesystem::path> paths(options.images.begin(), options.images.end());
  const std::vector<std::filesystem::path> images = vision::list_images(paths);
  Registry registry;
  register_all_backends(registry);
  const auto encoder = open_encoder(registry.backend("cpu"), split);
  // Made with the first features: an image that cannot be read leaves no empty folders.
  std::optional<calibration::FeatureWriter> writer;
  nlohmann::json written = nlohmann::json::array();
  {
    ProgressBar progress("features", static_cast<std::int64_t>(images.size()), common);
    for (const std::filesystem::path& image : images) {
      check_interrupt();
      const auto features = encoder->run(image);
      if (!writer) {
        writer.emplace(options.folder, split.features);
      }
      written.push_back(writer->write(image, features));
      progress.update(static_cast<std::int64_t>(written.size()));
    }
  }
  if (common.json) {
    print_json(
        {{"folder", options.folder}, {"features", split.features}, {"images", std::move(written)}});
  } else {
    print(fmt::format(
        "{}: {} features of {} images\n", options.folder, split.features.size(), images.size()));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_features(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("SPLIT_DIR", options->split, "What `mtmi split` has written")->required();
  app.add_option("--images", options->images, "Image files or folders")->required();
  app.add_option("-o,--output", options->folder, "Folder for FEATURE/IMAGE.npy")->required();
  return [options](const CommonOptions& common) { return write_features(*options, common); };
}

}  // namespace mtmi::cli
