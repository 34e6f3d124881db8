// mtmi check: will a device run this network, and why not?
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/cli/hand_off_table.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/scales_of_model.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/dla/loadables.h"
#include "mtmi/dla/rules.h"
#include "mtmi/dla/scale_groups.h"
#include "mtmi/error.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string path;
  std::string device;
  std::string version = dla::to_string(dla::Version{});
  std::string chip{dla::chips().front().name};
  std::string precision = "int8";
  std::string scales;
  std::vector<std::string> shapes;
  bool as_is = false;
};

dla::CheckOptions check_options(const Options& options) {
  return {.version = dla::parse_version(options.version),
          .chip = &dla::find_chip(options.chip),
          .precision = options.precision == "int8" ? dla::Precision::Int8 : dla::Precision::Fp16};
}

/// Whether the graph is to be taken as it stands. One that has scales is what will be built.
bool is_final(const Options& options) {
  return options.as_is || !options.scales.empty();
}

/// The graph as it would be built: in canonical form, unless it is that already.
Graph graph_to_check(const Options& options) {
  Graph graph = load_graph(options.path, options.shapes);
  if (is_final(options)) {
    return graph;
  }
  try {
    return passes::simplify(std::move(graph)).graph;
  } catch (const Error& e) {
    throw e.with_context(options.path);
  }
}

/// Where scales do not agree on what must share a range.
std::vector<dla::Rescale> rescales_of(const Graph& graph, const Options& options) {
  return options.scales.empty() ? std::vector<dla::Rescale>()
                                : dla::find_rescales(graph, read_scales_of(graph, options.scales));
}

/// Of a graph, node by node added up.
struct Counts {
  std::size_t nodes = 0;
  std::size_t accepted = 0;
  std::size_t loadables = 0;
  std::size_t fallbacks = 0;
};

/// Of the graph as `simplify --for dla` writes it.
Counts count_rewritten(const Graph& graph, const dla::CheckOptions& options) {
  passes::SimplifyOptions for_dla;
  for_dla.target = passes::Target::Dla;
  const Graph rewritten = passes::simplify(graph, for_dla).graph;
  const std::vector<Support> answers = dla::check(rewritten, options);
  const dla::Partition partition = dla::partition(rewritten, answers);
  Counts counts{.nodes = answers.size(),
                .loadables = partition.loadables.size(),
                .fallbacks = partition.fallbacks.size()};
  for (const Support& answer : answers) {
    counts.accepted += answer ? 1U : 0U;
  }
  return counts;
}

/// What check() says, and where.
struct Report {
  Graph graph;
  std::vector<Support> answers;
  dla::Partition partition;
  std::vector<dla::Rescale> rescales;
  std::optional<Counts> for_dla;  ///< where something is refused that may still be rewritten

  [[nodiscard]] std::ptrdiff_t refused() const {
    return std::count_if(
        answers.begin(), answers.end(), [](const Support& answer) { return !answer; });
  }

  /// Nodes whose answer is "yes, with rescale".
  [[nodiscard]] std::size_t rescaled_nodes() const {
    std::set<NodeId> nodes;
    for (const dla::Rescale& rescale : rescales) {
      nodes.insert(rescale.node);
    }
    return nodes.size();
  }
};

Report make_report(const Options& options) {
  const dla::CheckOptions checking = check_options(options);
  Report report;
  report.graph = graph_to_check(options);
  report.answers = dla::check(report.graph, checking);
  report.partition = dla::partition(report.graph, report.answers);
  report.rescales = rescales_of(report.graph, options);
  // A node that is refused is not rescaled for.
  std::set<NodeId> refused;
  for (std::size_t i = 0; i < report.answers.size(); ++i) {
    if (!report.answers[i]) {
      refused.insert(report.graph.order()[i]);
    }
  }
  std::erase_if(report.rescales, [&](const dla::Rescale& r) { return refused.contains(r.node); });
  if (report.refused() > 0 && !is_final(options)) {
    report.for_dla = count_rewritten(report.graph, checking);
  }
  return report;
}

/// A node without a name is called after what it makes.
std::string name_of(const Graph& graph, const Node& node) {
  return node.name.empty() ? graph.value(node.outputs.front()).name : node.name;
}

std::string refusal_table(const Report& report) {
  Table table({"node", "operator", "rule", "reason"});
  for (std::size_t i = 0; i < report.answers.size(); ++i) {
    const Support& answer = report.answers[i];
    if (!answer) {
      const Node& node = report.graph.node(report.graph.order()[i]);
      table.add_row({name_of(report.graph, node), node.op, answer.rule(), answer.reason()});
    }
  }
  return table.to_string();
}

std::string rescale_table(const Report& report) {
  Table table({"node", "operator", "rule", "tensor", "scale", "rescaled to"});
  for (const dla::Rescale& rescale : report.rescales) {
    const Node& node = report.graph.node(rescale.node);
    table.add_row({name_of(report.graph, node),
                   node.op,
                   std::string(rescale.rule),
                   report.graph.value(rescale.value).name,
                   fmt::format("{}", rescale.from),
                   fmt::format("{}", rescale.to)});
  }
  return table.to_string();
}

nlohmann::json rescales_to_json(const Report& report) {
  nlohmann::json list = nlohmann::json::array();
  for (const dla::Rescale& rescale : report.rescales) {
    const Node& node = report.graph.node(rescale.node);
    list.push_back({{"node", name_of(report.graph, node)},
                    {"operator", node.op},
                    {"rule", rescale.rule},
                    {"tensor", report.graph.value(rescale.value).name},
                    {"from", rescale.from},
                    {"to", rescale.to}});
  }
  return list;
}

/// Once per operator and rule, with how many nodes it is for.
std::string suggestion_table(const Report& report) {
  std::map<std::vector<std::string>, int> counts;
  for (std::size_t i = 0; i < report.answers.size(); ++i) {
    const Support& answer = report.answers[i];
    if (!answer) {
      ++counts[{report.graph.node(report.graph.order()[i]).op, answer.rule(), answer.suggestion()}];
    }
  }
  Table table({"operator", "rule", "nodes", "what would help"});
  for (const auto& [key, count] : counts) {
    table.add_row({key[0], key[1], std::to_string(count), key[2]});
  }
  return table.to_string();
}

nlohmann::json to_json(const Report& report, const Options& options) {
  nlohmann::json refused = nlohmann::json::array();
  for (std::size_t i = 0; i < report.answers.size(); ++i) {
    const Support& answer = report.answers[i];
    if (!answer) {
      const Node& node = report.graph.node(report.graph.order()[i]);
      refused.push_back({{"node", name_of(report.graph, node)},
                         {"operator", node.op},
                         {"position", i},
                         {"rule", answer.rule()},
                         {"reason", answer.reason()},
                         {"suggestion", answer.suggestion()}});
    }
  }
  nlohmann::json document{
      {"file", options.path},
      {"device", options.device},
      {"trt_version", options.version},
      {"chip", options.chip},
      {"precision", options.precision},
      {"simplified", !is_final(options)},
      {"nodes", report.answers.size()},
      {"accepted", static_cast<std::ptrdiff_t>(report.answers.size()) - report.refused()},
      {"loadables", report.partition.loadables.size()},
      {"fallbacks", report.partition.fallbacks.size()},
      {"refused", std::move(refused)},
      {"formats", hand_offs_to_json(report.graph)}};
  if (report.for_dla) {
    document["for_dla"] = {{"nodes", report.for_dla->nodes},
                           {"accepted", report.for_dla->accepted},
                           {"loadables", report.for_dla->loadables},
                           {"fallbacks", report.for_dla->fallbacks}};
  }
  if (!options.scales.empty()) {
    document["scales"] = options.scales;
    document["rescales"] = rescales_to_json(report);
  }
  return document;
}

std::string summary(const Report& report, const Options& options) {
  const auto nodes = static_cast<std::ptrdiff_t>(report.answers.size());
  const std::size_t loadables = report.partition.loadables.size();
  const dla::Chip& chip = dla::find_chip(options.chip);
  std::string text = fmt::format(
      "{} of {} nodes accepted for {} with TensorRT {} in {}: loadables "
      "{}, fallbacks {}\n",
      nodes - report.refused(),
      nodes,
      options.chip,
      options.version,
      options.precision,
      loadables,
      report.partition.fallbacks.size());
  if (!options.scales.empty()) {
    text +=
        fmt::format("{} of them yes, with rescale: {} operands differ from their group's range\n",
                    report.rescaled_nodes(),
                    report.rescales.size());
  }
  if (report.for_dla) {
    text +=
        fmt::format("as mtmi simplify --for dla writes it: {} of {}, loadables {}, fallbacks {}\n",
                    report.for_dla->accepted,
                    report.for_dla->nodes,
                    report.for_dla->loadables,
                    report.for_dla->fallbacks);
  }
  if (chip.cores > 0 && loadables > static_cast<std::size_t>(chip.max_loadables)) {
    text += fmt::format("A core holds {} loadables at a time.\n", chip.max_loadables);
  }
  return text;
}

ExitCode check(const Options& options, const CommonOptions& common) {
  const Report report = make_report(options);
  const bool all = report.refused() == 0;
  if (common.json) {
    print_json(to_json(report, options));
  } else {
    if (!all) {
      print(refusal_table(report) + "\n" + suggestion_table(report) + "\n");
    }
    if (!report.rescales.empty()) {
      print(rescale_table(report) + "\n");
    }
    print(summary(report, options) + "\n" + hand_off_table(report.graph));
  }
  return all ? ExitCode::Done : ExitCode::No;
}

std::vector<std::string> chip_names() {
  std::vector<std::string> names;
  for (const dla::Chip& chip : dla::chips()) {
    names.emplace_back(chip.name);
  }
  return names;
}

}  // namespace

Action declare_check(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->path, "ONNX file")->required();
  app.add_option("--device", options->device, "dla")->required()->check(one_of({"dla"}));
  app.add_option("--trt-version", options->version, "TensorRT release, 8.5 or later")
      ->capture_default_str()
      ->check(parsed_by([](const auto& text) { (void)dla::parse_version(text); }));
  app.add_option("--chip", options->chip, "orin, orin-nx-16, orin-nx-8 or orin-nano")
      ->capture_default_str()
      ->check(one_of(chip_names()));
  app.add_option("--precision", options->precision, "int8 or f16")
      ->capture_default_str()
      ->check(one_of({"int8", "f16"}));
  app.add_option("--scales",
                 options->scales,
                 "Scales of MODEL: of mtmi calibrate, a calibration cache or a Q/DQ model");
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->expected(1)
      ->check(input_shape());
  app.add_flag("--as-is", options->as_is, "Do not simplify first");
  return [options](const CommonOptions& common) { return check(*options, common); };
}

}  // namespace mtmi::cli
