// The order of the passes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A rewrite that keeps what the graph computes. Idempotent; takes and gives a graph of known
/// types.
struct Pass {
  std::string_view name;
  Graph (*run)(Graph graph);
  bool is_exact = true;  ///< up to the rounding of floating-point arithmetic
};

/// Whether rewrites may change what a graph computes, where that pays.
enum class Accuracy { Exact, Approximate };

/// The passes of simplify, device-independent, in the order in which they run.
[[nodiscard]] std::span<const Pass> simplify_passes();

/// What pays on a CPU, for graphs in the canonical form; ends with the passes that clean up.
[[nodiscard]] std::span<const Pass> cpu_passes();

/// What lets a DLA run more of a graph in the canonical form; ends with the passes that clean up.
/// A graph that a DLA takes whole stays as it is.
[[nodiscard]] std::span<const Pass> dla_passes(Accuracy accuracy = Accuracy::Exact);

/// Every pass of mtmi, each once.
[[nodiscard]] std::span<const Pass> all_passes();

/// The pass of that name among all_passes(), or nullptr.
[[nodiscard]] const Pass* find_pass(std::string_view name);

/// What one pass did, all rounds together.
struct PassLog {
  std::string_view name;
  int changes = 0;          ///< rounds in which it changed something
  double milliseconds = 0;  ///< [ms]
};

/// Called after a pass that changed something.
using PassObserver = std::function<void(std::string_view pass, const Graph& graph)>;

struct PipelineResult {
  Graph graph;
  std::vector<PassLog> log;  ///< one entry per pass, in order
  int rounds = 0;
};

/// Runs `passes` in order, over and over until a whole round changes nothing, at most kMaxRounds
/// times.
[[nodiscard]] PipelineResult run_pipeline(Graph graph,
                                          std::span<const Pass> passes,
                                          const PassObserver& observer = {});

/// Networks of real exporters need two or three.
inline constexpr int kMaxRounds = 16;

}  // namespace mtmi::passes
