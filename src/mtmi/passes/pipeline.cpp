#include "mtmi/passes/pipeline.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "mtmi/core/assert.h"
#include "mtmi/passes/canonicalize_attributes.h"
#include "mtmi/passes/canonicalize_linear.h"
#include "mtmi/passes/canonicalize_resize.h"
#include "mtmi/passes/carry_rows_as_maps.h"
#include "mtmi/passes/compose_convolutions.h"
#include "mtmi/passes/deconvolve_by_phases.h"
#include "mtmi/passes/expand_attention.h"
#include "mtmi/passes/expand_hard_activations.h"
#include "mtmi/passes/factor_resizes.h"
#include "mtmi/passes/fold_affine.h"
#include "mtmi/passes/fold_batch_normalization.h"
#include "mtmi/passes/fold_constants.h"
#include "mtmi/passes/fold_padding.h"
#include "mtmi/passes/fuse_activation.h"
#include "mtmi/passes/fuse_attention.h"
#include "mtmi/passes/fuse_gelu.h"
#include "mtmi/passes/fuse_group_normalization.h"
#include "mtmi/passes/fuse_layer_normalization.h"
#include "mtmi/passes/merge_duplicates.h"
#include "mtmi/passes/merge_layouts.h"
#include "mtmi/passes/move_convolutions_up.h"
#include "mtmi/passes/plain_deconvolutions.h"
#include "mtmi/passes/pool_linear_resizes.h"
#include "mtmi/passes/pool_reductions.h"
#include "mtmi/passes/remove_no_ops.h"
#include "mtmi/passes/restore_convolutions.h"
#include "mtmi/passes/sink_reshapes.h"
#include "mtmi/passes/spell_out_arithmetic.h"
#include "mtmi/passes/split_concat_convolution.h"
#include "mtmi/passes/split_wide_convolutions.h"

namespace mtmi::passes {
namespace {

Graph remove_dead_nodes(Graph graph) {
  graph.remove_dead_nodes();
  return graph;
}

// Each pass once; the lists below name them.
constexpr std::array kAll{
    Pass{"canonicalize_attributes", canonicalize_attributes},
    Pass{"canonicalize_linear", canonicalize_linear},
    Pass{"canonicalize_resize", canonicalize_resize},
    Pass{"carry_rows_as_maps", carry_rows_as_maps},
    Pass{"chain_linear_resizes", chain_linear_resizes, false},
    Pass{"compose_convolutions", compose_convolutions},
    Pass{"deconvolve_by_phases", deconvolve_by_phases},
    Pass{"expand_attention", expand_attention},
    Pass{"expand_hard_activations", expand_hard_activations},
    Pass{"factor_resizes", factor_resizes},
    Pass{"fold_affine", fold_affine},
    Pass{"fold_batch_normalization", fold_batch_normalization},
    Pass{"fold_constants", fold_constants},
    Pass{"fold_padding", fold_padding},
    Pass{"fuse_activation", fuse_activation},
    Pass{"fuse_attention", fuse_attention},
    Pass{"fuse_gelu", fuse_gelu},
    Pass{"fuse_group_normalization", fuse_group_normalization},
    Pass{"fuse_layer_normalization", fuse_layer_normalization},
    Pass{"merge_duplicates", merge_duplicates},
    Pass{"merge_layouts", merge_layouts},
    Pass{"move_convolutions_up", move_convolutions_up},
    Pass{"plain_deconvolutions", plain_deconvolutions},
    Pass{"pool_linear_resizes", pool_linear_resizes},
    Pass{"pool_reductions", pool_reductions},
    Pass{"remove_dead_nodes", remove_dead_nodes},
    Pass{"remove_no_ops", remove_no_ops},
    Pass{"restore_convolutions", restore_convolutions},
    Pass{"sink_reshapes", sink_reshapes},
    Pass{"spell_out_arithmetic", spell_out_arithmetic},
    Pass{"split_concat_convolution", split_concat_convolution},
    Pass{"split_wide_convolutions", split_wide_convolutions},
};

/// The passes of these names. Does not compile for a name that kAll lacks.
template <std::size_t kCount>
consteval std::array<Pass, kCount> list_of(const std::array<std::string_view, kCount>& names) {
  std::array<Pass, kCount> passes{};
  for (std::size_t i = 0; i < kCount; ++i) {
    passes[i] = *std::find_if(
        kAll.begin(), kAll.end(), [&](const Pass& pass) { return pass.name == names[i]; });
  }
  return passes;
}

// Clean first: patterns want one spelling of everything and no detours. Layers are folded before
// patterns are fused; layouts are merged when all that reads them has its final form.
constexpr auto kSimplify = list_of(std::to_array<std::string_view>({
    "fold_constants",
    "remove_dead_nodes",
    "merge_duplicates",
    "canonicalize_attributes",
    "canonicalize_resize",
    "canonicalize_linear",
    "remove_no_ops",
    "fold_padding",
    "fold_batch_normalization",
    "fold_affine",
    "fuse_layer_normalization",
    "fuse_group_normalization",
    "fuse_gelu",
    "fuse_activation",
    "fuse_attention",
    "restore_convolutions",
    "merge_layouts",
    "sink_reshapes",
}));

// Split, move up, compose: each opens the way for the next.
constexpr auto kCpu = list_of(std::to_array<std::string_view>({
    "deconvolve_by_phases",
    "split_concat_convolution",
    "move_convolutions_up",
    "compose_convolutions",
    "merge_duplicates",
    "remove_dead_nodes",
}));

// Rows first: what is a map then may be refused for another reason. Factors go into the layers
// again, as new ones came.
constexpr auto kDla = list_of(std::to_array<std::string_view>({
    "carry_rows_as_maps",
    "spell_out_arithmetic",
    "expand_hard_activations",
    "factor_resizes",
    "pool_linear_resizes",
    "pool_reductions",
    "plain_deconvolutions",
    "split_wide_convolutions",
    "canonicalize_attributes",
    "fold_affine",
    "merge_layouts",
    "remove_no_ops",
    "merge_duplicates",
    "remove_dead_nodes",
}));

// The nearer rewrite takes what the exact one would.
constexpr auto kDlaApproximate = [] {
  std::array<Pass, kDla.size() + 1> passes{};
  passes[0] = *std::find_if(kAll.begin(), kAll.end(), [](const Pass& pass) {
    return pass.name == "chain_linear_resizes";
  });
  std::copy(kDla.begin(), kDla.end(), passes.begin() + 1);
  return passes;
}();

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace

std::span<const Pass> simplify_passes() {
  return kSimplify;
}

std::span<const Pass> cpu_passes() {
  return kCpu;
}

std::span<const Pass> dla_passes(Accuracy accuracy) {
  if (accuracy == Accuracy::Approximate) {
    return kDlaApproximate;
  }
  return kDla;
}

std::span<const Pass> all_passes() {
  return kAll;
}

const Pass* find_pass(std::string_view name) {
  const auto* const it = std::find_if(
      kAll.begin(), kAll.end(), [name](const Pass& pass) { return pass.name == name; });
  return it == kAll.end() ? nullptr : it;
}

PipelineResult run_pipeline(Graph graph,
                            std::span<const Pass> passes,
                            const PassObserver& observer) {
  PipelineResult result;
  for (const Pass& pass : passes) {
    result.log.push_back({.name = pass.name});
  }
  bool changed = true;
  while (changed && result.rounds < kMaxRounds) {
    const std::uint64_t round_start = graph.revision();
    ++result.rounds;
    for (std::size_t i = 0; i < passes.size(); ++i) {
      const std::uint64_t before = graph.revision();
      const auto start = std::chrono::steady_clock::now();
      graph = passes[i].run(std::move(graph));
      result.log[i].milliseconds += milliseconds_since(start);
      if (graph.revision() != before) {
        ++result.log[i].changes;
        MTMI_ASSERT(!find_defect(graph));
        if (observer) {
          observer(passes[i].name, graph);
        }
      }
    }
    changed = graph.revision() != round_start;
  }
  result.graph = std::move(graph);
  return result;
}

}  // namespace mtmi::passes
