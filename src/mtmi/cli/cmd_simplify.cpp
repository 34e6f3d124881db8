// mtmi simplify: an ONNX file in its canonical form, checked against the original.
#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>

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
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/output_path.h"
#include "mtmi/error.h"
#include "mtmi/graph/random_inputs.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/ops/output_agreement.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/runtime/session.h"

namespace mtmi::cli {
namespace {

/// Of the output's range: rewrites move roundings about, and nothing else (docs/numerics.md).
constexpr double kTolerance = 1e-4;

struct Options {
  std::string in;
  std::string out;
  std::vector<std::string> shapes;
  std::optional<std::int64_t> opset;
  std::string target;
  bool approximate = false;
  bool no_check = false;
  bool print_after = false;
  std::uint64_t seed = 0;
};

using OperatorCounts = std::map<std::string, int>;

passes::SimplifyOptions simplify_options(const Options& options) {
  passes::SimplifyOptions result;
  result.input_shapes = parse_input_shapes(options.shapes);
  result.target = passes::parse_target(options.target).value_or(passes::Target::Any);
  result.accuracy = options.approximate ? passes::Accuracy::Approximate : passes::Accuracy::Exact;
  if (options.print_after) {
    result.observer = [](std::string_view pass, const Graph& graph) {
      log_info(fmt::format("# after {}\n{}", pass, to_text(graph)));
    };
  }
  return result;
}

int total(const OperatorCounts& counts) {
  int sum = 0;
  for (const auto& [op, count] : counts) {
    sum += count;
  }
  return sum;
}

int count_of(const OperatorCounts& counts, const std::string& op) {
  const auto it = counts.find(op);
  return it == counts.end() ? 0 : it->second;
}

TensorMap run_on_cpu(const Graph& graph, const TensorMap& inputs, bool optimize) {
  Registry registry;
  register_all_backends(registry);
  CompileOptions options;
  options.optimize = optimize;
  Session session(registry.backend("cpu"), graph, options);
  return session.run(inputs);
}

/// Runs the original node by node, with no pass but what makes it static, and the written file as
/// the product would. The original runs from the start on: rewriting keeps one processor busy.
class Check {
 public:
  /// `original` outlives the check.
  Check(const Graph& original, std::uint64_t seed)
      : original_(original),
        inputs_(random_inputs(original, seed)),
        expected_(std::async(std::launch::async,
                             [this] { return run_on_cpu(original_, inputs_, false); })) {}

  /// Once.
  [[nodiscard]] std::vector<ops::OutputAgreement> compare_with(const Graph& written) {
    const TensorMap got = run_on_cpu(written, inputs_, true);
    return ops::compare_outputs(original_, expected_.get(), got, [this](const Graph& scores) {
      return run_on_cpu(scores, inputs_, false);
    });
  }

 private:
  const Graph& original_;
  TensorMap inputs_;
  std::future<TensorMap> expected_;  // ends before what it reads
};

bool is_within_tolerance(const ops::OutputAgreement& output) {
  return agrees(output.agreement, output.dtype, kTolerance);
}

std::string operator_table(const OperatorCounts& before, const OperatorCounts& after) {
  Table table({"operator", "before", "after"});
  OperatorCounts all = before;
  all.insert(after.begin(), after.end());
  for (const auto& [op, count] : all) {
    table.add_row({op, std::to_string(count_of(before, op)), std::to_string(count_of(after, op))});
  }
  table.add_rule();
  table.add_row({"nodes", std::to_string(total(before)), std::to_string(total(after))});
  return table.to_string();
}

/// `approximated`: differences are what was asked for.
std::string check_table(const std::vector<ops::OutputAgreement>& outputs, bool approximated) {
  Table table({"output", "against the original", ""});
  for (const ops::OutputAgreement& output : outputs) {
    const bool agrees = is_within_tolerance(output);
    std::string remark = agrees ? "" : "beyond tolerance";
    if (approximated && !agrees) {
      remark = fmt::format("approximate: {:.2g} in the mean", output.agreement.mean_difference);
    }
    table.add_row({output.output, describe(output.agreement, output.dtype), remark});
  }
  return table.to_string();
}

nlohmann::json to_json(const std::vector<ops::OutputAgreement>& outputs) {
  nlohmann::json list = nlohmann::json::array();
  for (const ops::OutputAgreement& output : outputs) {
    list.push_back({{"name", output.output},
                    {"agrees", is_within_tolerance(output)},
                    {"bit_equal", output.agreement.bit_equal},
                    {"max_difference", output.agreement.max_difference},
                    {"mean_difference", output.agreement.mean_difference},
                    {"relative_difference", output.agreement.relative_difference()},
                    {"equal_fraction", output.agreement.equal_fraction}});
  }
  return list;
}

nlohmann::json to_json(const std::vector<passes::PassLog>& log) {
  nlohmann::json list = nlohmann::json::array();
  for (const passes::PassLog& entry : log) {
    list.push_back(
        {{"pass", entry.name}, {"changes", entry.changes}, {"milliseconds", entry.milliseconds}});
  }
  return list;
}

void log_passes(const passes::SimplifyResult& result) {
  for (const passes::PassLog& entry : result.log) {
    log_verbose(fmt::format("{:28} {:8.2f} ms, changed the graph in {} of {} rounds",
                            entry.name,
                            entry.milliseconds,
                            entry.changes,
                            result.rounds));
  }
}

void say_what_a_target_does_not_do(const Options& options) {
  if (options.target == "cuda") {
    log_info("--for cuda: no rewrite is known that pays there; the file is in the canonical form");
  }
  if (options.approximate && options.target != "dla") {
    log_info("--approximate: only --for dla has rewrites that are not exact");
  }
}

/// The passes that changed something and are not exact.
std::vector<std::string> approximations(const passes::SimplifyResult& result) {
  std::vector<std::string> names;
  for (const passes::PassLog& entry : result.log) {
    const passes::Pass* const pass = passes::find_pass(entry.name);
    if (entry.changes > 0 && pass != nullptr && !pass->is_exact) {
      names.emplace_back(entry.name);
    }
  }
  return names;
}

/// The file's bytes; nothing where external data is needed, as protobuf stops at 2 GiB.
std::optional<std::string> bytes_if_one_file(const Graph& graph,
                                             const onnx::WriteOptions& options) {
  try {
    return onnx::serialize_model(graph, options);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::Unsupported) {
      throw;
    }
    return std::nullopt;  // write_model() finds a way, or says why there is none
  }
}

/// What a reader of the file gets; of a model over 2 GiB the graph as it is, to spare the disk.
onnx::OnnxModel as_read_back(const Graph& graph, const std::optional<std::string>& bytes) {
  if (bytes) {
    return onnx::parse_model(std::as_bytes(std::span(*bytes)));
  }
  onnx::OnnxModel model;
  model.graph = graph;
  for (const NodeId id : graph.order()) {
    ++model.operators[graph.node(id).op];
  }
  return model;
}

void write(const std::string& path,
           const Graph& graph,
           const std::optional<std::string>& bytes,
           const onnx::WriteOptions& options) {
  if (bytes) {
    write_file(path, *bytes);
  } else {
    onnx::write_model(graph, path, options);
  }
}

std::vector<ops::OutputAgreement> compare_named(const std::string& file,
                                                Check& check,
                                                const Graph& written) {
  try {
    return check.compare_with(passes::specialize(written));
  } catch (const Error& e) {
    throw e.with_context(file + ": while comparing with the original (--no-check leaves it out)");
  }
}

/// The text of the card beside the model; nothing if there is none.
std::optional<std::string> read_card(const std::filesystem::path& model) {
  const std::filesystem::path path = bundle::card_path(model);
  return std::filesystem::exists(path) ? std::optional(std::string(MappedFile(path).text()))
                                       : std::nullopt;
}

/// The result's inputs and outputs mean what the network's do. Another card that stands there
/// stays: somebody may have written it.
void write_card(const std::string& card, const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    write_file(path, card);
    log_info(path.string() + ": the network's model card");
  } else if (MappedFile(path).text() != card) {
    log_warning(path.string() + ": is not the network's model card, and is left as it is");
  }
}

ExitCode simplify(const Options& options, const CommonOptions& common) {
  require_can_write(options.out);
  const onnx::OnnxModel model = onnx::read_model(options.in);
  passes::SimplifyOptions simplifying = simplify_options(options);
  say_what_a_target_does_not_do(options);
  const std::optional<std::string> card = read_card(options.in);
  passes::SimplifyResult result;
  Graph original;
  std::optional<Check> check;
  try {
    original = passes::specialize(model.graph, simplifying.input_shapes);
    if (!options.no_check) {
      check.emplace(original, options.seed);
    }
    result = passes::simplify(original, simplifying);
  } catch (const Error& e) {
    throw e.with_context(options.in);
  }
  log_passes(result);
  check_interrupt();
  onnx::WriteOptions writing;
  writing.opset = options.opset.value_or(onnx::opset_to_write(model.opset));
  writing.metadata = model.metadata;
  const Graph expanded = passes::expand_for_onnx(std::move(result.graph));
  const std::optional<std::string> bytes = bytes_if_one_file(expanded, writing);
  const onnx::OnnxModel written = as_read_back(expanded, bytes);
  const std::vector<ops::OutputAgreement> outputs =
      check ? compare_named(options.in, *check, written.graph)
            : std::vector<ops::OutputAgreement>();
  const bool agrees = std::all_of(outputs.begin(), outputs.end(), is_within_tolerance);
  const std::vector<std::string> approximated = approximations(result);
  const bool is_good = agrees || !approximated.empty();
  check_interrupt();
  if (is_good) {
    write(options.out, expanded, bytes, writing);
    if (card) {
      write_card(*card, bundle::card_path(options.out));
    }
  }
  if (common.json) {
    print_json({{"file", options.out},
                {"opset", writing.opset},
                {"nodes_before", total(model.operators)},
                {"nodes_after", total(written.operators)},
                {"operators_before", model.operators},
                {"operators_after", written.operators},
                {"rounds", result.rounds},
                {"passes", to_json(result.log)},
                {"checked", !options.no_check},
                {"agrees", agrees},
                {"approximations", approximated},
                {"tolerance", kTolerance},
                {"outputs", to_json(outputs)}});
  } else {
    print(operator_table(model.operators, written.operators));
    print(options.no_check ? "\nNot checked.\n"
                           : "\n" + check_table(outputs, !approximated.empty()));
  }
  if (!is_good) {
    log_warning("the result does not compute what the original computes; " + options.out +
                " is not written");
  }
  return is_good ? ExitCode::Done : ExitCode::No;
}

}  // namespace

Action declare_simplify(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("IN", options->in, "ONNX file")->required();
  app.add_option("-o,--output", options->out, "ONNX file to write")->required();
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_option("--opset", options->opset, "To write, 13 to 21 (default: 17, more if IN has more)")
      ->check(whole_number(onnx::kOldestWrittenOpset, onnx::kNewestWrittenOpset));
  app.add_option("--for", options->target, "cpu, cuda or dla: add what pays on that device")
      ->check(one_of({"cpu", "cuda", "dla"}));
  app.add_flag("--approximate", options->approximate, "Allow --for to change results");
  app.add_flag("--no-check", options->no_check, "Do not compare the outputs with the original's");
  app.add_option("--seed", options->seed, "Of the check's random inputs")
      ->capture_default_str()
      ->check(whole_number(0));
  app.add_flag("--print-after", options->print_after, "The graph after every pass, on stderr");
  return [options](const CommonOptions& common) { return simplify(*options, common); };
}

}  // namespace mtmi::cli
