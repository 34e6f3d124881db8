// mtmi compare: two models, engines or bundles on the same inputs; where do they part?
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/any_model.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string a;
  std::string b;
  std::vector<std::string> inputs;
  double tolerance = 1e-3;
  bool layers = false;
  std::uint64_t seed = 0;
  OpenOptions open_a;
  OpenOptions open_b;
};

/// One tensor that both have.
struct Row {
  std::string name;
  std::string name_b;  ///< where B calls it otherwise
  DType dtype = DType::Float32;
  Shape shape;
  Agreement agreement;
  bool agrees = false;
};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "cli::compare", message);
}

std::string list_of(std::span<const std::string> names) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "'" : ", '") + name + "'";
  }
  return list;
}

/// `what`: "inputs".
void require_as_many(const char* what,
                     std::span<const std::string> a,
                     std::span<const std::string> b) {
  if (a.size() != b.size()) {
    refuse(fmt::format("A and B are not two forms of one network: A has the {} {}, B {}",
                       what,
                       list_of(a),
                       list_of(b)));
  }
}

std::vector<std::string> names_of(std::span<const TensorDesc> descs) {
  std::vector<std::string> names;
  for (const TensorDesc& desc : descs) {
    names.push_back(desc.name);
  }
  return names;
}

/// B's tensors for A's: by name, or by position where no name is shared.
TensorMap inputs_for_b(const TensorMap& of_a,
                       std::span<const TensorDesc> a,
                       std::span<const TensorDesc> b) {
  require_as_many("inputs", names_of(a), names_of(b));
  TensorMap tensors;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const auto same_name = of_a.find(b[i].name);
    const Tensor& tensor = same_name != of_a.end() ? same_name->second : of_a.at(a[i].name);
    tensors.emplace(b[i].name, tensor);
  }
  return tensors;
}

Row compare_tensors(const std::string& name, const Tensor& a, const Tensor& b, double tolerance) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape()) {
    refuse(fmt::format("tensor '{}': A gives {}{}, B gives {}{}",
                       name,
                       to_string(a.dtype()),
                       to_string(a.shape()),
                       to_string(b.dtype()),
                       to_string(b.shape())));
  }
  Row row{.name = name,
          .name_b = "",
          .dtype = a.dtype(),
          .shape = a.shape(),
          .agreement = compare(a, b)};
  row.agrees = agrees(row.agreement, row.dtype, tolerance);
  return row;
}

/// Names of all intermediates of an ONNX file, in the order in which they are made.
std::vector<std::string> intermediates(const std::string& path,
                                       const std::vector<std::string>& shapes) {
  const bool is_bundle = std::filesystem::is_directory(path);
  if (is_bundle || is_engine(MappedFile(path).bytes())) {
    refuse(path + (is_bundle ? " is a bundle" : " is an engine") +
           ": --layers wants ONNX files, whose intermediates can be observed");
  }
  const Graph graph = load_graph(path, shapes);
  std::vector<std::string> names;
  for (const NodeId id : graph.order()) {
    for (const ValueId output : graph.node(id).outputs) {
      if (output != kNoValue && !graph.is_output(output)) {
        names.push_back(graph.value(output).name);
      }
    }
  }
  return names;
}

/// Compares every intermediate that both have under one name, as B makes it.
class LayerComparison {
 public:
  explicit LayerComparison(double tolerance) : tolerance_(tolerance) {}

  void keep(std::string_view name, const Tensor& tensor) {
    of_a_.insert_or_assign(std::string(name), tensor.clone());
  }

  void compare_with(std::string_view name, const Tensor& tensor) {
    const auto it = of_a_.find(name);
    if (it != of_a_.end() && it->second.dtype() == tensor.dtype() &&
        it->second.shape() == tensor.shape()) {
      rows_.push_back(compare_tensors(it->first, it->second, tensor, tolerance_));
    }
  }

  [[nodiscard]] std::vector<Row> take_rows() { return std::move(rows_); }

 private:
  double tolerance_;
  TensorMap of_a_;
  std::vector<Row> rows_;
};

std::vector<Row> compare_outputs(const AnyModel& a,
                                 const TensorMap& of_a,
                                 const AnyModel& b,
                                 const TensorMap& of_b,
                                 const TensorMap& inputs,
                                 double tolerance) {
  require_as_many("outputs", a.outputs(), b.outputs());
  std::vector<Row> rows;
  for (std::size_t i = 0; i < a.outputs().size(); ++i) {
    const std::string& name = a.outputs()[i];
    const std::string& name_b = of_b.contains(name) ? name : b.outputs()[i];
    const Tensor& expected = of_a.at(name);
    const Tensor& got = of_b.at(name_b);
    Row row = compare_tensors(name, expected, got, tolerance);
    row.name_b = name_b == name ? "" : name_b;
    if (!row.agreement.bit_equal && !is_floating_point(row.dtype)) {
      if (const auto scores = a.run_label_scores(name, inputs)) {
        row.agreement = compare_labels(expected, got, *scores);
        row.agrees = agrees(row.agreement, row.dtype, tolerance);
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

nlohmann::json to_json(const std::vector<Row>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const Row& row : rows) {
    list.push_back({{"name", row.name},
                    {"type", to_string(row.dtype)},
                    {"shape", row.shape.extents()},
                    {"agrees", row.agrees},
                    {"bit_equal", row.agreement.bit_equal},
                    {"max_difference", row.agreement.max_difference},
                    {"mean_difference", row.agreement.mean_difference},
                    {"range", row.agreement.range},
                    {"relative_difference", row.agreement.relative_difference()},
                    {"equal_fraction", row.agreement.equal_fraction}});
    if (row.agreement.widest_tie) {
      list.back()["widest_tie"] = *row.agreement.widest_tie;
    }
  }
  return list;
}

std::string to_text(const std::vector<Row>& rows) {
  Table table({"tensor", "type", "agreement", ""});
  for (const Row& row : rows) {
    table.add_row({row.name_b.empty() ? row.name : row.name + " / " + row.name_b,
                   std::string(to_string(row.dtype)) + to_string(row.shape),
                   describe(row.agreement, row.dtype),
                   row.agrees ? "" : "beyond tolerance"});
  }
  return table.to_string();
}

bool all_agree(const std::vector<Row>& rows) {
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.agrees; });
}

ExitCode compare_models(Options options, const CommonOptions& common) {
  require_input_files(options.inputs);
  Registry registry;
  register_all_backends(registry);
  LayerComparison layers(options.tolerance);
  if (options.layers) {
    options.open_a.observe = intermediates(options.a, options.open_a.shapes);
    options.open_b.observe = intermediates(options.b, options.open_a.shapes);
  }
  options.open_b.shapes = options.open_a.shapes;
  AnyModel a(registry, options.a, options.open_a);
  AnyModel b(registry, options.b, options.open_b);
  if (options.layers) {
    a.set_observer([&layers](std::string_view n, const Tensor& t) { layers.keep(n, t); });
    b.set_observer([&layers](std::string_view n, const Tensor& t) { layers.compare_with(n, t); });
  }
  const TensorMap inputs = options.inputs.empty() ? random_inputs(a.inputs(), options.seed)
                                                  : load_inputs(options.inputs, a.inputs());
  const TensorMap of_a = a.run(inputs);
  const TensorMap of_b = b.run(inputs_for_b(inputs, a.inputs(), b.inputs()));
  const std::vector<Row> outputs = compare_outputs(a, of_a, b, of_b, inputs, options.tolerance);
  const std::vector<Row> rows = layers.take_rows();
  const auto first = std::find_if(rows.begin(), rows.end(), [](const Row& r) { return !r.agrees; });
  if (common.json) {
    print_json({{"tolerance", options.tolerance},
                {"agrees", all_agree(outputs)},
                {"outputs", to_json(outputs)},
                {"layers", to_json(rows)},
                {"first_disagreement",
                 first == rows.end() ? nlohmann::json() : nlohmann::json(first->name)}});
  } else {
    print(options.layers ? to_text(rows) + "\n" : "");
    print(to_text(outputs));
    if (first != rows.end()) {
      print(fmt::format("\nThey part at '{}'.\n", first->name));
    }
  }
  return all_agree(outputs) ? ExitCode::Done : ExitCode::No;
}

}  // namespace

Action declare_compare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("A", options->a, "ONNX file, engine or bundle: what is expected")->required();
  app.add_option("B", options->b, "ONNX file, engine or bundle")->required();
  app.add_option("--input", options->inputs, "NAME=FILE of A's inputs (default: seeded random)")
      ->allow_extra_args(false);
  app.add_option("--tolerance", options->tolerance, "Largest difference, of the output's range [1]")
      ->capture_default_str()
      ->check(finite_number(0, 1e6));
  app.add_flag("--layers", options->layers, "Also every intermediate that both have by name");
  app.add_option("--seed", options->seed, "Of random inputs")
      ->capture_default_str()
      ->check(whole_number(0));
  app.add_option("--device", options->open_a.device, "Where A runs")
      ->capture_default_str()
      ->check(device_name());
  app.add_option("--device-b", options->open_b.device, "Where B runs")
      ->capture_default_str()
      ->check(device_name());
  app.add_option("--precision", options->open_a.precision, "Of A")
      ->capture_default_str()
      ->check(precision_name());
  app.add_option("--precision-b", options->open_b.precision, "Of B")
      ->capture_default_str()
      ->check(precision_name());
  app.add_option("--shape", options->open_a.shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  return [options](const CommonOptions& common) { return compare_models(*options, common); };
}

}  // namespace mtmi::cli
