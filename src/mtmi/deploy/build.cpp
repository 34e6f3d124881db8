#include "mtmi/deploy/build.h"

#include <map>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

std::string text_of(const IoFormat& format) {
  return fmt::format(
      "{} {} {}", to_string(format.dtype), to_string(format.layout), to_string(format.rounding));
}

StepKey key_of(const Part& part, const PartIo& io, const Capability& capability) {
  StepKey key("build", part.name, kFormat);
  key.add("model", part.model.hash);
  key.add("backend", backend_of(part)).add("capability", capability.name);
  key.add("precision", std::string(to_string(*part.target.precision)));
  for (const auto& [name, format] : io.formats) {
    key.add("io " + name, text_of(format)).add("scale " + name, format.scale);
  }
  for (const auto& [name, scale] : part.scales) {
    key.add("scale of " + name, scale);
  }
  for (const auto& [input, name] : io.renamed) {
    key.add("renamed " + input, name);
  }
  for (const auto& [copy, value] : io.copies) {
    key.add("copy " + copy, value);
  }
  return key;
}

/// Scales by the names that values have in with_hand_offs().
std::map<std::string, float> handed_over_names(std::map<std::string, float> scales,
                                               const PartIo& io) {
  for (const auto& [input, name] : io.renamed) {
    if (auto scale = scales.extract(input)) {
      scale.key() = name;
      scales.insert(std::move(scale));
    }
  }
  return scales;
}

}  // namespace

double predict_ms(const Backend& backend,
                  const Graph& graph,
                  const Capability& capability,
                  const CompileOptions& options) {
  double us = 0.0;
  for (const NodeEstimate& node : backend.estimate(graph, capability, options)) {
    us += node.time_us;
  }
  return us / 1e3;
}

Capability best_capability(const Backend& backend, const Part& part) {
  std::vector<Capability> capabilities = backend.capabilities();
  if (capabilities.empty()) {
    throw Error(ErrorCode::Unsupported,
                "deploy::build_part",
                "part '" + part.name + "': device '" + *part.target.device +
                    "' compiles for nothing on this machine");
  }
  return std::move(capabilities.front());
}

Graph with_hand_offs(Graph graph, const PartIo& io) {
  for (const auto& [input, name] : io.renamed) {
    const bool renamed = graph.rename_value(graph.find_value(input).value(), name);
    MTMI_ASSERT(renamed);
  }
  for (const auto& [copy, value] : io.copies) {
    const ValueId from = graph.find_value(value).value();
    const ValueId to = graph.add_value(copy, graph.type(from));
    MTMI_ASSERT(graph.value(to).name == copy);
    graph.add_node(
        {.name = copy, .op = "Identity", .inputs = {from}, .outputs = {to}, .attributes = {}});
    graph.add_output(to);
  }
  return graph;
}

Built build_part(StepStore& store, const Registry& registry, const Part& part, const PartIo& io) {
  const Backend& backend = registry.backend(backend_of(part));
  const Capability capability = best_capability(backend, part);
  const StepResult result = store.run(key_of(part, io, capability), [&](StepWriter& writer) {
    const Graph graph = with_hand_offs(load_part(store.path_of(part.model), backend_of(part)), io);
    CompileOptions options;
    options.precision = *part.target.precision;
    options.io = io.formats;
    options.scales = handed_over_names(part.scales, io);
    try {
      writer.add_file(
          "engine", "engines", part.name, ".engine", backend.compile(graph, capability, options));
    } catch (const Error& e) {
      throw e.with_context("part '" + part.name + "' for " + *part.target.device);
    }
    const double predicted_ms = predict_ms(backend, graph, capability, options);
    writer.set_facts(nlohmann::json({{"predicted_ms", predicted_ms}}).dump());
  });
  const MappedFile file(store.path_of(result.file("engine")));
  Engine engine = read_engine(file.bytes(), file.owner());
  return {.engine = result.file("engine"),
          .capability = capability.name,
          .inputs = std::move(engine.inputs),
          .outputs = std::move(engine.outputs),
          .predicted_ms = nlohmann::json::parse(result.facts).at("predicted_ms").get<double>()};
}

}  // namespace mtmi::deploy
