// mtmi visualize: pictures of the results that a run has dumped.
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/cli/dump_writer.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_bar.h"
#include "mtmi/cli/run_results.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/output_path.h"
#include "mtmi/error.h"
#include "mtmi/interp/cast.h"
#include "mtmi/vision/image.h"
#include "mtmi/vision/picture.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string results;
  std::vector<std::string> images;
  std::string folder;
};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidModel, "cli::visualize", message);
}

int as_int(std::int64_t extent) {
  return static_cast<int>(extent);
}

/// The bytes of a dump, which must be as many as `shape` has elements of `element_bytes`.
MappedFile open_dump(const std::filesystem::path& path,
                     const Shape& shape,
                     std::size_t element_bytes) {
  MappedFile file(path);
  const std::size_t expected = static_cast<std::size_t>(shape.num_elements()) * element_bytes;
  if (file.bytes().size() != expected) {
    refuse(fmt::format("{}: got {} bytes, expected {} for {}",
                       path.string(),
                       file.bytes().size(),
                       expected,
                       to_string(shape)));
  }
  return file;
}

/// Beyond what labels of 8 bits can tell apart, the colours begin again.
std::uint8_t picture_label(std::int64_t label) {
  return static_cast<std::uint8_t>(label < 0 ? vision::kIgnoreLabel : label % vision::kIgnoreLabel);
}

/// The class with the largest score; the first of equal ones, as ArgMax.
vision::Gray8Image labels_of(std::span<const std::byte> scores, const Shape& shape) {
  const auto pixels = static_cast<std::size_t>(shape[1] * shape[2]);
  const auto score = [&](std::size_t c, std::size_t pixel) {
    return static_cast<std::int8_t>(scores[c * pixels + pixel]);
  };
  vision::Gray8Image labels(as_int(shape[1]), as_int(shape[2]));
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < static_cast<std::size_t>(shape[0]); ++c) {
      best = score(c, pixel) > score(best, pixel) ? c : best;
    }
    labels.data()[pixel] = picture_label(static_cast<std::int64_t>(best));
  }
  return labels;
}

vision::Panel segmentation_panel(const HeadDump& head, const std::filesystem::path& path) {
  if (head.shape.rank() != 3 || head.shape[0] < 1) {
    refuse(path.string() + ": a segmentation's dump is [classes,H,W]");
  }
  const MappedFile file = open_dump(path, head.shape, 1);
  vision::SegmentationPanel panel;
  panel.title = "Segmentation: " + head.name;
  panel.labels = labels_of(file.bytes(), head.shape);
  panel.palette = head.classes;
  return panel;
}

/// A network that ends in its ArgMax, with no scores to dump.
vision::Panel labels_panel(const HeadDump& head, const std::filesystem::path& path) {
  const Tensor labels = interp::cast(read_npy(path), DType::Int64);
  const Shape& shape = labels.shape();
  if (shape.rank() < 2 || shape.num_elements() != shape[-2] * shape[-1]) {
    refuse(fmt::format("{}: got {}, labels are [H,W]", path.string(), to_string(shape)));
  }
  vision::SegmentationPanel panel;
  panel.title = "Segmentation: " + head.name;
  panel.labels = vision::Gray8Image(as_int(shape[-2]), as_int(shape[-1]));
  panel.palette = head.classes;
  const auto values = labels.data<std::int64_t>();
  std::transform(values.begin(), values.end(), panel.labels.data().begin(), picture_label);
  return panel;
}

vision::Panel depth_panel(const HeadDump& head, const std::filesystem::path& path) {
  if (head.shape.rank() != 2) {
    refuse(path.string() + ": a depth dump is [H,W]");
  }
  const MappedFile file = open_dump(path, head.shape, sizeof(float));
  vision::DepthPanel panel;
  panel.title = "Depth: " + head.name;
  panel.far = head.cap;
  panel.metres = vision::FloatImage(as_int(head.shape[0]), as_int(head.shape[1]));
  const auto* dump = reinterpret_cast<const float*>(file.bytes().data());
  for (float& metres : panel.metres.data()) {
    metres = std::min(head.metres_scale * *dump++ + head.metres_offset, head.cap);
  }
  return panel;
}

/// Any tensor as a heat map: its last two axes, the mean over those before.
vision::Panel heat_panel(const HeadDump& head, const std::filesystem::path& path) {
  const Tensor tensor = interp::cast(read_npy(path), DType::Float32);
  const Shape& shape = tensor.shape();
  if (shape.rank() < 2 || tensor.num_elements() == 0) {
    refuse(fmt::format("{}: got {}, a heat map wants [...,H,W]", path.string(), to_string(shape)));
  }
  vision::HeatPanel panel;
  panel.title = head.name;
  panel.values = vision::FloatImage(as_int(shape[-2]), as_int(shape[-1]));
  const auto pixels = panel.values.data();
  const auto values = tensor.data<float>();
  const std::size_t planes = values.size() / pixels.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    pixels[i % pixels.size()] += values[i] / static_cast<float>(planes);
  }
  return panel;
}

vision::Panel panel_of(const HeadDump& head, const std::filesystem::path& path) {
  if (head.task == "segmentation") {
    return segmentation_panel(head, path);
  }
  if (head.task == "labels") {
    return labels_panel(head, path);
  }
  return head.task == "depth" ? depth_panel(head, path) : heat_panel(head, path);
}

/// Names repeat from one set of images to the next: 000000.png.
void require_same_image(const RunResults& results,
                        const std::string& stem,
                        const std::filesystem::path& image,
                        const std::string& folder) {
  const auto hash = results.hashes.find(stem);
  if (hash != results.hashes.end() && hash->second != hash_hex(MappedFile(image).bytes())) {
    refuse(image.string() + ": not the image of this name that the results in " + folder +
           " are of; give --images as it was given to mtmi run");
  }
}

std::filesystem::path draw(const Options& options,
                           const RunResults& results,
                           const std::filesystem::path& image,
                           const std::string& stem) {
  std::vector<vision::Panel> panels;
  for (const HeadDump& head : results.heads) {
    panels.push_back(panel_of(head, std::filesystem::path(options.results) / (stem + head.suffix)));
  }
  const vision::Image figure = vision::compose_figure(vision::read_image(image), panels);
  std::filesystem::path path = std::filesystem::path(options.folder) / (stem + ".png");
  vision::write_png(path, figure);
  return path;
}

ExitCode visualize(const Options& options, const CommonOptions& common) {
  require_can_write_into(options.folder);
  const RunResults results = read_run_results(options.results);
  const std::vector<std::filesystem::path> named(options.images.begin(), options.images.end());
  const std::vector<std::filesystem::path> images = vision::list_images(named);
  // Under the names that the run gave them.
  const std::vector<std::string> stems = dump_names(images);
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (std::find(results.images.begin(), results.images.end(), stems[i]) != results.images.end()) {
      require_same_image(results, stems[i], images[i], options.results);
      drawn.push_back(i);
    }
  }
  if (drawn.empty()) {
    refuse(options.results + ": there are results for none of the images");
  }
  ProgressBar progress("pictures", static_cast<std::int64_t>(drawn.size()), common);
  nlohmann::json pictures = nlohmann::json::array();
  for (const std::size_t i : drawn) {
    check_interrupt();
    pictures.push_back(draw(options, results, images[i], stems[i]).string());
    progress.update(static_cast<std::int64_t>(pictures.size()));
  }
  if (drawn.size() < images.size()) {
    log_info(fmt::format("{} of the images have no results", images.size() - drawn.size()));
  }
  if (drawn.size() < results.images.size()) {
    log_info(fmt::format("{} of the {} results are of images that were not given",
                         results.images.size() - drawn.size(),
                         results.images.size()));
  }
  if (common.json) {
    print_json({{"pictures", pictures}});
  } else {
    print(fmt::format(
        "{}: {} picture{}\n", options.folder, drawn.size(), drawn.size() == 1 ? "" : "s"));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_visualize(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RESULTS", options->results, "Folder that mtmi run has written")->required();
  app.add_option("--images", options->images, "Image files or folders that were run")->required();
  app.add_option("-o,--output", options->folder, "Folder for NAME.png")->required();
  return [options](const CommonOptions& common) { return visualize(*options, common); };
}

}  // namespace mtmi::cli
