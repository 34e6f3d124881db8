#include "mtmi/passes/pipeline.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "mtmi/core/assert.h"
#include "mtmi/passes/canonicalize_attributes.h"
#include "mtmi/passes/canonicalize_linear.h"
#include "mtmi/passes/canonicalize_resize.h"
#include "mtmi/passes/fold_affine.h"
#include "mtmi/passes/fold_batch_normalization.h"
#include "mtmi/passes/fold_constants.h"
#include "mtmi/passes/fold_padding.h"
#include "mtmi/passes/fuse_activation.h"
#include "mtmi/passes/fuse_attention.h"
#include "mtmi/passes/fuse_gelu.h"
#include "mtmi/passes/fuse_layer_normalization.h"
#include "mtmi/passes/merge_duplicates.h"
#include "mtmi/passes/merge_layouts.h"
#include "mtmi/passes/remove_no_ops.h"
#include "mtmi/passes/restore_convolutions.h"
#include "mtmi/passes/sink_reshapes.h"

namespace mtmi::passes {
namespace {

Graph remove_dead_nodes(Graph graph) {
  graph.remove_dead_nodes();
  return graph;
}

// Clean first: patterns want one spelling of everything and no detours. Layers are folded before
// patterns are fused, layouts are merged when all that reads them has its final form.
constexpr std::array kSimplify{
    Pass{"fold_constants", fold_constants},
    Pass{"remove_dead_nodes", remove_dead_nodes},
    Pass{"merge_duplicates", merge_duplicates},
    Pass{"canonicalize_attributes", canonicalize_attributes},
    Pass{"canonicalize_resize", canonicalize_resize},
    Pass{"canonicalize_linear", canonicalize_linear},
    Pass{"remove_no_ops", remove_no_ops},
    Pass{"fold_padding", fold_padding},
    Pass{"fold_batch_normalization", fold_batch_normalization},
    Pass{"fold_affine", fold_affine},
    Pass{"fuse_layer_normalization", fuse_layer_normalization},
    Pass{"fuse_gelu", fuse_gelu},
    Pass{"fuse_activation", fuse_activation},
    Pass{"fuse_attention", fuse_attention},
    Pass{"restore_convolutions", restore_convolutions},
    Pass{"merge_layouts", merge_layouts},
    Pass{"sink_reshapes", sink_reshapes},
};

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace

std::span<const Pass> simplify_passes() {
  return kSimplify;
}

std::span<const Pass> all_passes() {
  return kSimplify;
}

const Pass* find_pass(std::string_view name) {
  const auto* const it = std::find_if(
      kSimplify.begin(), kSimplify.end(), [name](const Pass& pass) { return pass.name == name; });
  return it == kSimplify.end() ? nullptr : it;
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
