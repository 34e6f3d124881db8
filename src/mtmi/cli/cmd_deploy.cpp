// mtmi deploy: from an ONNX file to a verified bundle.
#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "mtmi/api/deploy.h"
#include "mtmi/backends/register_all.h"
#include "mtmi/bundle/target_file.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/log.h"
#include "mtmi/vision/image.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::cli {
namespace {

// Verification runs the unoptimised network once per image.
constexpr std::size_t kVerifiedImages = 2;

struct Options {
  std::string model;
  std::vector<std::string> images;
  std::vector<std::string> shapes;
  std::vector<std::string> cut;
  std::string target = "cpu";
  std::string folder;
};

/// The one input that images go to; nothing if there are other inputs, too.
std::optional<TensorDesc> image_input(const Graph& graph, const bundle::ModelCard& card) {
  if (graph.inputs().size() != 1 || card.inputs.size() != 1) {
    return std::nullopt;
  }
  const ValueId input = graph.inputs().front();
  const TensorType type = graph.type(input);
  return TensorDesc{.name = graph.value(input).name, .dtype = type.dtype, .shape = type.shape};
}

std::vector<TensorMap> samples_of(const Options& options,
                                  const Graph& graph,
                                  const bundle::ModelCard& card) {
  const std::vector<std::filesystem::path> paths(options.images.begin(), options.images.end());
  std::vector<std::filesystem::path> images = vision::list_images(paths);
  const auto input = image_input(graph, card);
  if (!input) {
    log_info("the network does not take one image: it is verified on random input");
    return {};
  }
  images.resize(std::min(images.size(), kVerifiedImages));
  const vision::Preprocessing& preprocessing = card.inputs.begin()->second;
  vision::ImageFitter fitter(static_cast<int>(input->shape[2]),
                             static_cast<int>(input->shape[3]),
                             // Whatever the card wants at run time: verification takes any image.
                             preprocessing.size_policy == vision::SizePolicy::Refuse
                                 ? vision::SizePolicy::Stretch
                                 : preprocessing.size_policy);
  std::vector<TensorMap> samples;
  for (const std::filesystem::path& path : images) {
    Tensor tensor(DType::Float32, input->shape);
    vision::preprocess(fitter.fit(vision::read_image(path)), preprocessing, tensor.data<float>());
    samples.push_back({{input->name, std::move(tensor)}});
  }
  return samples;
}

std::string summary(const bundle::Manifest& manifest, const std::string& folder, double seconds) {
  Table table({"part", "device", "precision", "compiled for", "model"});
  for (const bundle::Part& part : manifest.parts) {
    table.add_row({part.name, part.device, part.precision, part.capability, part.model.path});
  }
  std::string text = table.to_string();
  text += fmt::format("{} handed over per frame\n\nbuilt parts against the network as it came:\n",
                      format_bytes(manifest.hand_off_bytes));
  for (const bundle::Verified& v : manifest.verified) {
    const std::string found =
        v.bit_equal ? "equal to the bit"
        : v.type == "f32"
            ? fmt::format("largest difference {:.2g} of the range", v.relative_difference)
            : fmt::format("{:.4f} % equal", 100.0 * v.equal_fraction);
    text += fmt::format("  {}: {}\n", v.output, found);
  }
  return text + fmt::format("\n{}: done in {:.1f} s\n", folder, seconds);
}

ExitCode deploy_model(const Options& options, const CommonOptions& common) {
  const auto start = std::chrono::steady_clock::now();
  Registry registry;
  register_all_backends(registry);
  DeployOptions deploy_options;
  deploy_options.model = options.model;
  deploy_options.folder = options.folder;
  deploy_options.target = bundle::read_target(options.target);
  deploy_options.graph = load_graph(options.model, options.shapes);
  deploy_options.card = bundle::find_card(options.model, deploy_options.graph);
  deploy_options.cut = options.cut;
  deploy_options.samples = samples_of(options, deploy_options.graph, deploy_options.card);
  const auto say = [&common](std::string_view step) {
    if (!common.json) {
      log_info(fmt::format("{} ...", step));
    }
  };
  const bundle::Manifest manifest = deploy(deploy_options, registry, say);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  print(common.json ? bundle::to_json(manifest)
                    : summary(manifest, options.folder, seconds.count()));
  return ExitCode::Done;
}

}  // namespace

Action declare_deploy(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->model, "ONNX file; its model card stands beside it")->required();
  app.add_option("--images", options->images, "Image files or folders to verify on")->required();
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false);
  app.add_option("--cut", options->cut, "TENSOR,...: the features (default: found)")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--target", options->target, "What runs where: a built-in name or FILE.toml")
      ->capture_default_str();
  app.add_option("-o,--output", options->folder, "Folder of the bundle")->required();
  return [options](const CommonOptions& common) { return deploy_model(*options, common); };
}

}  // namespace mtmi::cli
