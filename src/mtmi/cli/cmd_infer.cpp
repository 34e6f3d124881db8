// mtmi infer: one model, engine or bundle on given tensors.
#include <chrono>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/bundle.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/unique_names.h"
#include "mtmi/device/convert.h"
#include "mtmi/error.h"
#include "mtmi/pipeline.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> inputs;
  std::string folder;
  OpenOptions open;
};

/// What a model, an engine or a bundle made, in the order of its outputs, in real numbers.
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

NamedTensors run_session(const Options& options) {
  Registry registry;
  register_all_backends(registry);
  const auto session = open_session(registry, options.model, options.open);
  const TensorMap outputs = session->run(load_inputs(options.inputs, session->inputs()));
  check_interrupt();
  NamedTensors tensors;
  for (const TensorDesc& desc : session->outputs()) {
    tensors.emplace_back(desc.name, to_real(outputs.at(desc.name), desc.scale));
  }
  return tensors;
}

NamedTensors run_bundle(const Options& options) {
  constexpr std::chrono::minutes kTimeout(10);
  const Bundle bundle = Bundle::open(options.model);
  std::vector<TensorDesc> inputs;
  for (const InputInfo& input : bundle.inputs()) {
    inputs.push_back({.name = input.tensor.name,
                      .dtype = input.tensor.dtype,
                      .shape = input.tensor.shape,
                      .layout = Layout::Linear,
                      .scale = input.tensor.scale});
  }
  Frame frame;
  for (auto& [name, tensor] : load_inputs(options.inputs, inputs)) {
    frame.tensors.emplace(name, tensor);
  }
  Pipeline pipeline(bundle, {});
  const std::optional<Result> result = pipeline.wait(pipeline.submit(std::move(frame)), kTimeout);
  if (!result) {
    throw Error(ErrorCode::Timeout, "cli::infer", "the bundle gave no result after 10 minutes");
  }
  NamedTensors tensors;
  for (const HeadInfo& head : bundle.heads()) {
    tensors.emplace_back(head.name, to_real(result->tensor(head.name).clone(), head.tensor.scale));
  }
  return tensors;
}

ExitCode infer(const Options& options, const CommonOptions& common) {
  const bool is_bundle = std::filesystem::is_directory(options.model);
  if (is_bundle) {
    refuse_options_of_a_bundle(options.open);
  }
  nlohmann::json written = nlohmann::json::array();
  UniqueNames names;
  for (const auto& [name, tensor] : is_bundle ? run_bundle(options) : run_session(options)) {
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
  app.add_option("--device", options->open.device, "Where it runs")->capture_default_str();
  app.add_option("--precision", options->open.precision, "f32, bf16, f16 or int8")
      ->capture_default_str();
  app.add_option("--shape", options->open.shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false);
  return [options](const CommonOptions& common) { return infer(*options, common); };
}

}  // namespace mtmi::cli
