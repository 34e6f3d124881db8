// mtmi infer: one model, engine or bundle on given tensors.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/any_model.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/output_path.h"
#include "mtmi/core/unique_names.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> inputs;
  std::string folder;
  OpenOptions open;
};

ExitCode infer(const Options& options, const CommonOptions& common) {
  require_can_write_into(options.folder);
  require_input_files(options.inputs);
  Registry registry;
  register_all_backends(registry);
  AnyModel model(registry, options.model, options.open);
  const TensorMap outputs = model.run(load_inputs(options.inputs, model.inputs()));
  nlohmann::json written = nlohmann::json::array();
  UniqueNames names;
  for (const std::string& name : model.outputs()) {
    const Tensor& tensor = outputs.at(name);
    const auto path = std::filesystem::path(options.folder) /
                      (names.take(name, "output '" + name + "'") + ".npy");
    write_npy(path, tensor);
    written.push_back({{"name", name},
                       {"file", path.string()},
                       {"type", to_string(tensor.dtype())},
                       {"shape", tensor.shape().extents()}});
    if (!common.json) {
      print(fmt::format(
          "{}: {}{}\n", path.string(), to_string(tensor.dtype()), to_string(tensor.shape())));
    }
  }
  if (common.json) {
    print_json({{"outputs", std::move(written)}});
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_infer(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->model, "ONNX file, engine or bundle")->required();
  app.add_option("--input", options->inputs, "NAME=FILE: an .npy file or an image, once per input")
      ->required()
      ->allow_extra_args(false);
  app.add_option("-o,--output", options->folder, "Folder for OUTPUT.npy, one per output")
      ->required();
  app.add_option("--device", options->open.device, "Where it runs")
      ->capture_default_str()
      ->check(device_name());
  app.add_option("--precision", options->open.precision, "f32, bf16, f16 or int8")
      ->capture_default_str()
      ->check(precision_name());
  app.add_option("--shape", options->open.shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  return [options](const CommonOptions& common) { return infer(*options, common); };
}

}  // namespace mtmi::cli
