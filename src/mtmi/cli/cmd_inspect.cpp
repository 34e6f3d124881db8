// mtmi inspect: what is in a model, an engine, a file of scales, a bundle.
#include <algorithm>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/bundle/manifest.h"
#include "mtmi/cli/inspect_scales.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/device/simulation_note.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/ops/cost.h"
#include "mtmi/quant/scale_file.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string path;
  std::vector<std::string> shapes;
  bool nodes = false;
  bool text = false;
};

std::string format_macs(std::int64_t macs) {
  return macs >= 1000000 ? fmt::format("{:.3f} GMAC", static_cast<double>(macs) / 1e9)
                         : fmt::format("{} MAC", macs);
}

nlohmann::json to_json(const ops::NodeCost& cost) {
  return {{"macs", cost.macs},
          {"element_operations", cost.element_operations},
          {"parameters", cost.parameters},
          {"parameter_bytes", cost.parameter_bytes},
          {"activation_bytes", cost.activation_bytes}};
}

nlohmann::json tensors_to_json(const Graph& graph, std::span<const ValueId> ids) {
  nlohmann::json list = nlohmann::json::array();
  for (const ValueId id : ids) {
    const TensorType type = graph.type(id);
    list.push_back({{"name", graph.value(id).name},
                    {"type", to_string(type.dtype)},
                    {"shape", type.shape.extents()}});
  }
  return list;
}

std::string tensors_to_text(const Graph& graph, const char* role, std::span<const ValueId> ids) {
  std::string text;
  for (const ValueId id : ids) {
    text += fmt::format("{}  {}: {}\n", role, graph.value(id).name, to_string(graph.type(id)));
  }
  return text;
}

/// Cost and number of nodes per operator.
struct OperatorRow {
  std::int64_t count = 0;
  ops::NodeCost cost;
};

std::map<std::string, OperatorRow> by_operator(const Graph& graph) {
  std::map<std::string, OperatorRow> rows;
  for (const NodeId id : graph.order()) {
    OperatorRow& row = rows[graph.node(id).op];
    const ops::NodeCost cost = ops::cost_of(graph, id);
    ++row.count;
    row.cost.macs += cost.macs;
    row.cost.parameters += cost.parameters;
    row.cost.activation_bytes += cost.activation_bytes;
  }
  return rows;
}

std::string operator_table(const Graph& graph) {
  Table table({"operator", "nodes", "MAC", "parameters", "activations"});
  for (const auto& [op, row] : by_operator(graph)) {
    table.add_row({op,
                   std::to_string(row.count),
                   row.cost.macs == 0 ? "" : format_macs(row.cost.macs),
                   row.cost.parameters == 0 ? "" : std::to_string(row.cost.parameters),
                   format_bytes(static_cast<std::size_t>(row.cost.activation_bytes))});
  }
  const ops::NodeCost total = ops::cost_of(graph);
  table.add_rule();
  table.add_row({"in all",
                 std::to_string(graph.order().size()),
                 format_macs(total.macs),
                 std::to_string(total.parameters),
                 format_bytes(static_cast<std::size_t>(total.activation_bytes))});
  return table.to_string();
}

std::string node_table(const Graph& graph) {
  Table table({"node", "operator", "output", "type", "MAC", "parameters", "activations"});
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    const ops::NodeCost cost = ops::cost_of(graph, id);
    const ValueId output = node.outputs.front();
    table.add_row({node.name,
                   node.op,
                   output == kNoValue ? "" : graph.value(output).name,
                   output == kNoValue ? "" : to_string(graph.type(output)),
                   cost.macs == 0 ? "" : format_macs(cost.macs),
                   cost.parameters == 0 ? "" : std::to_string(cost.parameters),
                   format_bytes(static_cast<std::size_t>(cost.activation_bytes))});
  }
  return table.to_string();
}

nlohmann::json nodes_to_json(const Graph& graph) {
  nlohmann::json nodes = nlohmann::json::array();
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    std::vector<ValueId> outputs;
    for (const ValueId output : node.outputs) {
      if (output != kNoValue) {
        outputs.push_back(output);
      }
    }
    nodes.push_back({{"name", node.name},
                     {"operator", node.op},
                     {"outputs", tensors_to_json(graph, outputs)},
                     {"cost", to_json(ops::cost_of(graph, id))}});
  }
  return nodes;
}

std::string heading(const onnx::OnnxModel& model, const Options& options) {
  return fmt::format("{}: ONNX, opset {}, {} nodes{}{}\n",
                     options.path,
                     model.opset,
                     model.graph.order().size(),
                     model.producer.empty() ? "" : ", written by ",
                     model.producer);
}

/// "f32[batch,3,h,w]": as the file says it.
std::string declared_type(const Value& value) {
  if (value.dtype && value.shape) {
    return to_string(TensorType{*value.dtype, *value.shape});
  }
  std::string dims;
  for (const std::string& dim : value.dim_names) {
    dims += (dims.empty() ? "" : ",") + dim;
  }
  return (value.dtype ? std::string(to_string(*value.dtype)) : "") + "[" + dims + "]";
}

bool has_dynamic_inputs(const Graph& graph) {
  return std::any_of(graph.inputs().begin(), graph.inputs().end(), [&graph](ValueId id) {
    return !graph.value(id).shape.has_value();
  });
}

/// What can be said while the sizes of inputs are open: no costs, as they depend on them.
ExitCode inspect_dynamic(const onnx::OnnxModel& model,
                         const Options& options,
                         const CommonOptions& common) {
  std::map<std::string, std::int64_t> operators;
  for (const NodeId id : model.graph.order()) {
    ++operators[model.graph.node(id).op];
  }
  nlohmann::json inputs = nlohmann::json::array();
  std::string text = heading(model, options);
  for (const ValueId id : model.graph.inputs()) {
    const Value& value = model.graph.value(id);
    inputs.push_back({{"name", value.name}, {"type", declared_type(value)}});
    text += fmt::format("input   {}: {}\n", value.name, declared_type(value));
  }
  if (common.json) {
    print_json({{"kind", "model"},
                {"opset", model.opset},
                {"producer", model.producer},
                {"dynamic", true},
                {"inputs", std::move(inputs)},
                {"operators", operators}});
    return ExitCode::Done;
  }
  Table table({"operator", "nodes"});
  for (const auto& [op, count] : operators) {
    table.add_row({op, std::to_string(count)});
  }
  print(text + "\n" + table.to_string() +
        "\nits inputs are dynamic: give their sizes with --input NAME=DIMS for types and costs\n");
  return ExitCode::Done;
}

ExitCode inspect_model(const Options& options, const CommonOptions& common) {
  const passes::InputShapes shapes = parse_input_shapes(options.shapes);
  const onnx::OnnxModel model = onnx::read_model(options.path);
  if (options.shapes.empty() && !options.text && has_dynamic_inputs(model.graph)) {
    return inspect_dynamic(model, options, common);
  }
  const Graph graph = make_static(model.graph, options.path, shapes);
  if (options.text && !common.json) {
    print(to_text(graph));
  } else if (common.json) {
    print_json({{"kind", "model"},
                {"opset", model.opset},
                {"producer", model.producer},
                {"inputs", tensors_to_json(graph, graph.inputs())},
                {"outputs", tensors_to_json(graph, graph.outputs())},
                {"cost", to_json(ops::cost_of(graph))},
                {"nodes", nodes_to_json(graph)}});
  } else {
    print(heading(model, options));
    print(tensors_to_text(graph, "input ", graph.inputs()));
    print(tensors_to_text(graph, "output", graph.outputs()));
    print("\nwith shapes and constants folded:\n" + (options.nodes ? node_table(graph) : "") +
          operator_table(graph));
  }
  return ExitCode::Done;
}

nlohmann::json descs_to_json(const std::vector<TensorDesc>& descs) {
  nlohmann::json list = nlohmann::json::array();
  for (const TensorDesc& desc : descs) {
    list.push_back({{"name", desc.name},
                    {"type", to_string(desc.dtype)},
                    {"shape", desc.shape.extents()},
                    {"layout", to_string(desc.layout)},
                    {"scale", desc.scale},
                    {"bytes", size_bytes_of(desc)}});
  }
  return list;
}

Engine read_named_engine(const MappedFile& file, const std::string& path) {
  try {
    return read_engine(file.bytes(), file.owner());
  } catch (const Error& e) {
    throw e.with_context(path);
  }
}

ExitCode inspect_engine(const MappedFile& file,
                        const Options& options,
                        const CommonOptions& common) {
  const Engine engine = read_named_engine(file, options.path);
  if (common.json) {
    print_json({{"kind", "engine"},
                {"backend", engine.backend},
                {"capability", engine.capability},
                {"precision", to_string(engine.precision)},
                {"content_hash", engine.content_hash},
                {"bytes", file.bytes().size()},
                {"arena_bytes", engine.arena_bytes},
                {"steps", engine.graph.order().size()},
                {"inputs", descs_to_json(engine.inputs)},
                {"outputs", descs_to_json(engine.outputs)}});
    return ExitCode::Done;
  }
  print(fmt::format("{}: engine of {} for {}, {}, {}\n",
                    options.path,
                    engine.backend,
                    engine.capability,
                    to_string(engine.precision),
                    format_bytes(file.bytes().size())));
  for (const TensorDesc& desc : engine.inputs) {
    print("input   " + to_string(desc) + "\n");
  }
  for (const TensorDesc& desc : engine.outputs) {
    print("output  " + to_string(desc) + "\n");
  }
  print(fmt::format("{} steps, {} of working memory, made from {}\n",
                    engine.graph.order().size(),
                    format_bytes(engine.arena_bytes),
                    engine.content_hash));
  if (options.nodes || options.text) {
    print(to_text(engine.graph));
  }
  return ExitCode::Done;
}

ExitCode inspect_bundle(const Options& options, const CommonOptions& common) {
  const bundle::Manifest manifest = bundle::open_bundle(options.path);
  if (common.json) {
    print(bundle::to_json(manifest));
    return ExitCode::Done;
  }
  print(fmt::format("{}: bundle of {}, made by mtmi {}; every file is as it was made\n",
                    options.path,
                    manifest.network,
                    manifest.mtmi_version));
  Table table({"part", "device", "precision", "compiled for", "engine"});
  for (const bundle::Part& part : manifest.parts) {
    table.add_row({part.name, part.device, part.precision, part.capability, part.engine.path});
  }
  print(table.to_string());
  print(fmt::format("{} handed over per frame\n", format_bytes(manifest.hand_off_bytes)));
  for (const bundle::Part& part : manifest.parts) {
    for (const auto& [kind, file] : part.scales) {
      print(fmt::format("scales of {}, {}: {}\n", part.name, kind, file.path));
    }
    if (!part.fallback.empty()) {
      print(fmt::format("{} runs on its fallback: {}\n", part.name, part.fallback));
    }
  }
  std::vector<std::string> devices;
  for (const bundle::Part& part : manifest.parts) {
    devices.push_back(part.device);
  }
  print(simulation_line(devices) + "\n" + bundle::describe_agreement(manifest));
  return ExitCode::Done;
}

ExitCode inspect(const Options& options, const CommonOptions& common) {
  if (std::filesystem::is_directory(options.path)) {
    return inspect_bundle(options, common);
  }
  const MappedFile file(options.path);
  if (quant::is_scale_text(file.text())) {
    return inspect_scales(options.path, common);
  }
  return is_engine(file.bytes()) ? inspect_engine(file, options, common)
                                 : inspect_model(options, common);
}

}  // namespace

Action declare_inspect(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->path, "ONNX file, engine, scales, calibration cache or bundle")
      ->required();
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_flag("--nodes", options->nodes, "One line for every node");
  app.add_flag("--text", options->text, "The graph as text");
  return [options](const CommonOptions& common) { return inspect(*options, common); };
}

}  // namespace mtmi::cli
