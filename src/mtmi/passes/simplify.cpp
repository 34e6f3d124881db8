#include "mtmi/passes/simplify.h"

#include <array>
#include <utility>

#include "mtmi/passes/expand_attention.h"
#include "mtmi/passes/merge_duplicates.h"
#include "mtmi/passes/merge_layouts.h"

namespace mtmi::passes {
namespace {

/// What comes behind the canonical form.
std::span<const Pass> passes_for(Target target, Accuracy accuracy) {
  switch (target) {
    case Target::Cpu:
      return cpu_passes();
    case Target::Dla:
      return dla_passes(accuracy);
    case Target::Any:
    case Target::Cuda:
      return {};
  }
  return {};
}

}  // namespace

std::optional<Target> parse_target(std::string_view name) noexcept {
  constexpr std::array<std::pair<std::string_view, Target>, 3> kTargets{
      {{"cpu", Target::Cpu}, {"cuda", Target::Cuda}, {"dla", Target::Dla}}};
  for (const auto& [text, target] : kTargets) {
    if (text == name) {
      return target;
    }
  }
  return std::nullopt;
}

Target target_for(std::string_view device_kind) noexcept {
  // The simulated core takes what the real one takes, which cuDLA opens.
  const bool is_dla = device_kind == "dla_sim" || device_kind == "cudla";
  return is_dla ? Target::Dla : parse_target(device_kind).value_or(Target::Any);
}

SimplifyResult simplify(Graph graph, const SimplifyOptions& options) {
  PipelineResult canonical = run_pipeline(
      specialize(std::move(graph), options.input_shapes), simplify_passes(), options.observer);
  SimplifyResult result{.graph = std::move(canonical.graph),
                        .log = std::move(canonical.log),
                        .rounds = canonical.rounds};
  const std::span<const Pass> more = passes_for(options.target, options.accuracy);
  if (!more.empty()) {
    PipelineResult for_target = run_pipeline(std::move(result.graph), more, options.observer);
    result.graph = std::move(for_target.graph);
    result.log.insert(result.log.end(), for_target.log.begin(), for_target.log.end());
    result.rounds += for_target.rounds;
  }
  return result;
}

Graph rewrite_for(Graph graph, std::string_view device_kind) {
  SimplifyOptions options;
  options.target = target_for(device_kind);
  return simplify(std::move(graph), options).graph;
}

Graph expand_for_onnx(Graph graph) {
  return merge_duplicates(merge_layouts(expand_attention(std::move(graph))));
}

}  // namespace mtmi::passes
