// mtmi model: writes a reference network.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/bundle/model_card.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/sizes.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/output_path.h"
#include "mtmi/error.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/zoo/mtmi_b0.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string size = "1024x1024";
  zoo::MtmiB0Options network;
  std::string path;
};

/// The card beside the model: what its input and outputs mean.
bundle::ModelCard card_of(const Graph& graph) {
  bundle::ModelCard card = bundle::default_card(graph);
  card.name = "mtmi-b0";
  card.outputs.insert_or_assign("depth", bundle::DepthTask{});
  return card;
}

ExitCode write(Options options, const CommonOptions& common) {
  const PixelSize size = parse_pixel_size(options.size);
  options.network.height = size.height;
  options.network.width = size.width;
  std::filesystem::path card = options.path;
  card.replace_extension(".toml");
  if (card == options.path) {
    throw Error(ErrorCode::InvalidArgument,
                "cli::model",
                "got '" + options.path + "', expected a name that ends in .onnx");
  }
  require_can_write(options.path);
  require_can_write(card);
  const Graph graph = zoo::make_mtmi_b0(options.network);
  onnx::write_model(graph, options.path);
  write_file(card, bundle::to_toml(card_of(graph)));
  if (common.json) {
    print_json({{"model", options.path}, {"card", card.string()}});
  } else {
    print(fmt::format("{}: mtmi-b0 for images of {}x{}, {} classes, random weights of seed {}\n",
                      options.path,
                      size.height,
                      size.width,
                      options.network.classes,
                      options.network.seed));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_model(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--size", options->size, "HEIGHTxWIDTH of the images, multiples of 32")
      ->capture_default_str()
      ->check(pixel_size());
  app.add_option("--classes", options->network.classes, "Of the segmentation")
      ->capture_default_str()
      ->check(whole_number(1, 4096));
  app.add_option("--seed", options->network.seed, "Of the random weights")
      ->capture_default_str()
      ->check(whole_number(0));
  app.add_option("-o,--output", options->path, "ONNX file; its model card stands beside it")
      ->required();
  return [options](const CommonOptions& common) { return write(*options, common); };
}

}  // namespace mtmi::cli
