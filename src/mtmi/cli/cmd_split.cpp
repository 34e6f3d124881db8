// mtmi split: encoder, heads and tails as ONNX files, proved equal to the whole.
#include <memory>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/bundle/model_card.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/output_path.h"
#include "mtmi/core/unique_names.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/split/prove.h"
#include "mtmi/split/split.h"

namespace mtmi::cli {
namespace {

constexpr double kOptimizedTolerance = 1e-4;

struct Options {
  std::string model;
  std::string folder;
  split::SplitOptions split;
  std::vector<std::string> shapes;
  std::uint64_t seed = 0;
  bool no_check = false;
};

/// A part and the file that it is written to.
struct PartFile {
  const Graph* graph = nullptr;
  std::string kind;  ///< "encoder", "head", "tail"
  std::string name;
  std::string file;
};

std::vector<PartFile> name_files(const split::Split& split) {
  UniqueNames names;
  const auto file_for = [&names](const std::string& part) {
    return names.take(part, "part '" + part + "'") + ".onnx";
  };
  std::vector<PartFile> parts{
      {.graph = &split.encoder, .kind = "encoder", .name = "encoder", .file = file_for("encoder")}};
  for (const split::Head& head : split.heads) {
    parts.push_back(
        {.graph = &head.graph, .kind = "head", .name = head.name, .file = file_for(head.name)});
    if (head.tail) {
      parts.push_back({.graph = &*head.tail,
                       .kind = "tail",
                       .name = head.name,
                       .file = file_for(head.name + "_tail")});
    }
  }
  return parts;
}

std::size_t bytes_of(const TensorType& type) {
  return static_cast<std::size_t>(type.shape.num_elements()) * size_of(type.dtype);
}

nlohmann::json tensors_of(const Graph& graph, std::span<const ValueId> ids) {
  nlohmann::json list = nlohmann::json::array();
  for (const ValueId id : ids) {
    const TensorType type = graph.type(id);
    list.push_back({{"name", graph.value(id).name},
                    {"type", to_string(type.dtype)},
                    {"shape", type.shape.extents()},
                    {"bytes", bytes_of(type)}});
  }
  return list;
}

/// A fresh session per part: compiled, run once, dropped.
split::Runner runner(const Backend& backend, bool optimize) {
  return [&backend, optimize](const Graph& graph, const TensorMap& inputs) {
    check_interrupt();
    CompileOptions options;
    options.optimize = optimize;
    return Session(backend, graph, options).run(inputs);
  };
}

struct Proof {
  std::vector<ops::OutputAgreement> exact;      ///< every node by itself: equal to the bit
  std::vector<ops::OutputAgreement> optimized;  ///< as the parts will run
};

Proof prove(const Graph& whole, const split::Split& split, std::uint64_t seed) {
  Registry registry;
  register_all_backends(registry);
  const Backend& cpu = registry.backend("cpu");
  return {.exact = split::prove(whole, split, runner(cpu, false), seed),
          .optimized = split::prove(whole, split, runner(cpu, true), seed)};
}

/// The name of an output that the proof fails for; empty if it holds.
std::string failed_output(const Proof& proof) {
  for (const ops::OutputAgreement& p : proof.exact) {
    if (!p.agreement.bit_equal) {
      return p.output;
    }
  }
  for (const ops::OutputAgreement& p : proof.optimized) {
    if (!agrees(p.agreement, p.dtype, kOptimizedTolerance)) {
      return p.output;
    }
  }
  return "";
}

nlohmann::json to_json(const Proof& proof, std::uint64_t seed) {
  nlohmann::json outputs = nlohmann::json::array();
  for (std::size_t i = 0; i < proof.exact.size(); ++i) {
    const Agreement& optimized = proof.optimized[i].agreement;
    outputs.push_back({{"name", proof.exact[i].output},
                       {"bit_equal", proof.exact[i].agreement.bit_equal},
                       {"optimized",
                        {{"bit_equal", optimized.bit_equal},
                         {"relative_difference", optimized.relative_difference()},
                         {"equal_fraction", optimized.equal_fraction}}}});
  }
  return {{"seed", seed}, {"tolerance", kOptimizedTolerance}, {"outputs", std::move(outputs)}};
}

nlohmann::json to_json(const split::Split& split, const std::vector<PartFile>& parts) {
  nlohmann::json list = nlohmann::json::array();
  for (const PartFile& part : parts) {
    list.push_back({{"kind", part.kind},
                    {"name", part.name},
                    {"file", part.file},
                    {"inputs", tensors_of(*part.graph, part.graph->inputs())},
                    {"outputs", tensors_of(*part.graph, part.graph->outputs())}});
  }
  return {{"parts", std::move(list)},
          {"features", split.features},
          {"feature_results", split.feature_results},
          {"hand_off_bytes", split.hand_off_bytes}};
}

/// Their names, or how many where exporters' names would tear the table apart.
std::string names_or_count(const Graph& graph, std::span<const ValueId> ids) {
  constexpr std::size_t kMaxLength = 48;
  std::string text;
  for (const ValueId id : ids) {
    text += (text.empty() ? "" : ", ") + graph.value(id).name;
  }
  return text.size() <= kMaxLength ? text : fmt::format("{} tensors", ids.size());
}

std::string to_text(const split::Split& split, const std::vector<PartFile>& parts) {
  Table table({"part", "file", "nodes", "inputs", "outputs"});
  for (const PartFile& part : parts) {
    const Graph& graph = *part.graph;
    table.add_row({part.kind == "encoder" ? part.kind : part.kind + " " + part.name,
                   part.file,
                   std::to_string(graph.order().size()),
                   names_or_count(graph, graph.inputs()),
                   names_or_count(graph, graph.outputs())});
  }
  std::string text = table.to_string() + "\nhanded over per frame:\n";
  for (const std::string& feature : split.features) {
    const TensorType type = split.encoder.type(*split.encoder.find_value(feature));
    text += fmt::format("  {}  {}  {}\n", feature, to_string(type), format_bytes(bytes_of(type)));
  }
  return text + fmt::format("  {} in all\n", format_bytes(split.hand_off_bytes));
}

std::string to_text(const Proof& proof) {
  std::string text = "\nthe parts in sequence against the whole, on random input:\n";
  for (std::size_t i = 0; i < proof.exact.size(); ++i) {
    const ops::OutputAgreement& exact = proof.exact[i];
    const ops::OutputAgreement& optimized = proof.optimized[i];
    text += fmt::format("  {}: {}; as optimised for the CPU: {}\n",
                        exact.output,
                        describe(exact.agreement, exact.dtype),
                        describe(optimized.agreement, optimized.dtype));
  }
  return text;
}

/// The text of the encoder's card: the network's for what gets the images; nothing if there is
/// none.
std::optional<std::string> encoder_card(const Options& options, const Graph& whole) {
  if (!std::filesystem::exists(bundle::card_path(options.model))) {
    return std::nullopt;
  }
  bundle::ModelCard card = bundle::find_card(options.model, whole);
  card.outputs.clear();
  return bundle::to_toml(card);
}

split::Split split_named(const Graph& whole, const Options& options) {
  try {
    return split::split_graph(whole, options.split);
  } catch (const Error& e) {
    throw e.with_context(options.model);
  }
}

ExitCode split_model(const Options& options, const CommonOptions& common) {
  const passes::InputShapes shapes = parse_input_shapes(options.shapes);
  require_can_write_into(options.folder);
  onnx::OnnxModel model = onnx::read_model(options.model);
  const Graph whole = make_static(std::move(model.graph), options.model, shapes);
  const std::optional<std::string> card = encoder_card(options, whole);
  const split::Split split = split_named(whole, options);
  const std::vector<PartFile> parts = name_files(split);
  nlohmann::json document = to_json(split, parts);
  std::string text = to_text(split, parts);
  if (!options.no_check) {
    const Proof proof = prove(whole, split, options.seed);
    document["proof"] = to_json(proof, options.seed);
    text += to_text(proof);
    if (const std::string failed = failed_output(proof); !failed.empty()) {
      print(common.json ? "" : text);
      log_warning(fmt::format("the parts do not equal the whole in output '{}'; nothing is written",
                              failed));
      return ExitCode::No;
    }
  }
  const std::filesystem::path folder(options.folder);
  onnx::WriteOptions write_options;
  write_options.opset = onnx::opset_to_write(model.opset);
  for (const PartFile& part : parts) {
    onnx::write_model(*part.graph, folder / part.file, write_options);
  }
  if (card) {
    write_file(bundle::card_path(folder / parts.front().file), *card);
  }
  write_file(folder / "split.json", document.dump(2) + "\n");
  if (common.json) {
    print_json(document);
  } else {
    print(text);
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_split(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->model, "ONNX file")->required();
  app.add_option("-o,--output", options->folder, "Folder for the parts and split.json")->required();
  app.add_option("--cut", options->split.cut, "TENSOR,...: the features (default: found)")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--tail", options->split.tail, "TENSOR,...: where tails begin (default: found)")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_option("--seed", options->seed, "Of the proof's random input")
      ->capture_default_str()
      ->check(whole_number(0));
  app.add_flag("--no-check", options->no_check, "Do not prove the parts equal to the whole");
  return [options](const CommonOptions& common) { return split_model(*options, common); };
}

}  // namespace mtmi::cli
