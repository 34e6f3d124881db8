// mtmi build: a part, a device, a precision and formats to an engine file.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/scales_of_model.h"
#include "mtmi/cli/sizes.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/core/output_path.h"
#include "mtmi/device/registry.h"
#include "mtmi/error.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string part;
  std::string device = "cpu";
  std::string capability;
  std::string precision = "f32";
  std::string scales;
  std::vector<std::string> formats;
  std::vector<std::string> shapes;
  std::string path;
};

[[noreturn]] void refuse(const std::string& message) {
  throw UsageError(message);
}

/// "s8:chw32:0.0213", "f16:linear".
IoFormat parse_format(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  const auto dtype = parse_dtype(text.substr(0, first));
  const auto layout = first == std::string::npos
                          ? std::nullopt
                          : parse_layout(text.substr(first + 1, second - first - 1));
  IoFormat format;
  bool ok = dtype && layout;
  if (ok && second != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [parsed_to, error] = std::from_chars(text.data() + second + 1, end, format.scale);
    ok = error == std::errc() && parsed_to == end && std::isfinite(format.scale) &&
         format.scale > 0.0F;
  }
  if (!ok) {
    refuse("got format '" + text + "', expected TYPE:LAYOUT[:SCALE], as in s8:chw32:0.0213");
  }
  format.dtype = *dtype;
  format.layout = *layout;
  return format;
}

std::map<std::string, IoFormat> parse_formats(const std::vector<std::string>& arguments,
                                              const Graph& graph) {
  std::map<std::string, IoFormat> formats;
  for (const std::string& argument : arguments) {
    const auto [name, format] = parse_assignment(argument);
    const auto value = graph.find_value(name);
    if (!value || !(graph.is_input(*value) || graph.is_output(*value))) {
      refuse("there is no input or output '" + name + "' in the part");
    }
    formats.insert_or_assign(name, parse_format(format));
  }
  return formats;
}

Capability choose_capability(const Backend& backend, const std::string& wanted) {
  const std::vector<Capability> all = backend.capabilities();
  std::string names;
  for (const Capability& capability : all) {
    if (wanted.empty() || capability.name == wanted) {
      return capability;
    }
    names += " " + capability.name;
  }
  refuse("device '" + std::string(backend.name()) + "' does not compile for '" + wanted +
         "'; it does for:" + names);
}

/// A part that has scales is what they were found for, and stays as it is.
Graph graph_to_build(const Options& options, const std::string& backend) {
  Graph graph = load_graph(options.part, options.shapes);
  return options.scales.empty() ? passes::rewrite_for(std::move(graph), backend) : graph;
}

/// An output that is handed over as a float needs no scale, unless the part itself reads it.
void leave_out_float_outputs(const Graph& graph, CompileOptions& options) {
  for (const ValueId id : graph.outputs()) {
    const auto format = options.io.find(graph.value(id).name);
    const bool is_int8 = format != options.io.end() && format->second.dtype == DType::Int8;
    if (!is_int8 && graph.users(id).empty()) {
      options.scales.erase(graph.value(id).name);
    }
  }
}

/// A format in INT8 without a scale of its own has that of its tensor.
void fill_in_scales(CompileOptions& options) {
  for (auto& [name, format] : options.io) {
    const auto scale = options.scales.find(name);
    if (format.dtype == DType::Int8 && format.scale == 0.0F && scale != options.scales.end()) {
      format.scale = scale->second;
    }
  }
}

/// An engine of which no layer runs in INT8 is not what --precision int8 asks for.
void require_scales(const Options& options, const Graph& graph, const CompileOptions& compiled) {
  const bool has_any =
      std::any_of(compiled.scales.begin(), compiled.scales.end(), [&graph](const auto& scale) {
        return graph.find_value(scale.first).has_value();
      });
  if (!has_any) {
    refuse(options.scales.empty()
               ? options.part + ": int8 needs scales: give --scales PREFIX.json of mtmi calibrate"
               : options.scales + ": holds no scale of a tensor of " + options.part +
                     "; calibrate this part");
  }
}

CompileOptions compile_options_of(const Options& options, const Graph& graph) {
  CompileOptions result;
  result.precision = parse_precision_option(options.precision);
  result.io = parse_formats(options.formats, graph);
  if (result.precision != Precision::Int8 && !options.scales.empty()) {
    refuse("--scales goes with --precision int8, not with " + options.precision);
  }
  if (result.precision != Precision::Int8) {
    return result;
  }
  if (!options.scales.empty()) {
    result.scales = read_scales_of(graph, options.scales);
  }
  require_scales(options, graph, result);
  fill_in_scales(result);
  leave_out_float_outputs(graph, result);
  return result;
}

ExitCode build(const Options& options, const CommonOptions& common) {
  Registry registry;
  register_all_backends(registry);
  require_can_write(options.path);
  std::error_code ignored;  // a file that is not there yet is no other file
  if (std::filesystem::equivalent(options.part, options.path, ignored)) {
    refuse(options.path + ": the engine would replace the part that it is built from");
  }
  const DeviceName device = parse_device_name(options.device);
  const Backend& backend = registry.backend(device.backend);
  const Capability capability = choose_capability(backend, options.capability);
  const Graph graph = graph_to_build(options, device.backend);
  const CompileOptions compile_options = compile_options_of(options, graph);
  std::vector<std::byte> engine;
  try {
    engine = backend.compile(graph, capability, compile_options);
  } catch (const Error& e) {
    throw e.with_context(options.part);
  }
  write_file(options.path, engine);
  if (common.json) {
    print_json({{"engine", options.path},
                {"device", backend.name()},
                {"capability", capability.name},
                {"precision", options.precision},
                {"bytes", engine.size()}});
  } else {
    print(fmt::format("{}: {} for {} ({}), {}\n",
                      options.path,
                      options.precision,
                      backend.name(),
                      capability.name,
                      format_bytes(engine.size())));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_build(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("PART", options->part, "ONNX file of a part or a whole network")->required();
  app.add_option("--device", options->device, "cpu, ... as mtmi devices names them")
      ->capture_default_str()
      ->check(device_name());
  app.add_option("--capability",
                 options->capability,
                 "What to compile for (default: the best of this machine)");
  app.add_option("--precision", options->precision, "f32, bf16, f16 or int8")
      ->capture_default_str()
      ->check(precision_name());
  app.add_option("--scales",
                 options->scales,
                 "Scales of PART: of mtmi calibrate, a calibration cache or a Q/DQ model");
  app.add_option("--io",
                 options->formats,
                 "NAME=TYPE:LAYOUT[:SCALE] of an input or output (default: its scale in --scales)")
      ->allow_extra_args(false)
      ->check(parsed_by([](const std::string& text) {
        static_cast<void>(parse_format(parse_assignment(text).second));
      }));
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_option("-o,--output", options->path, "Engine file")->required();
  return [options](const CommonOptions& common) { return build(*options, common); };
}

}  // namespace mtmi::cli
