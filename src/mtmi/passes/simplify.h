// The whole of simplification in one call: what `mtmi simplify` and deploy do to a graph.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/passes/pipeline.h"
#include "mtmi/passes/specialize.h"

namespace mtmi::passes {

/// What a graph is rewritten for beyond the canonical form.
enum class Target { Any, Cpu, Cuda, Dla };

/// "cpu", "cuda", "dla"; nothing for other names.
[[nodiscard]] std::optional<Target> parse_target(std::string_view name) noexcept;

/// The target for devices of a kind ("cpu"; Dla for "dla_sim" and "cudla"); Any for kinds that want
/// nothing special.
[[nodiscard]] Target target_for(std::string_view device_kind) noexcept;

struct SimplifyOptions {
  InputShapes input_shapes;             ///< of dynamic inputs
  Target target = Target::Any;          ///< adds that target's passes (pipeline.h)
  Accuracy accuracy = Accuracy::Exact;  ///< of that target's passes
  PassObserver observer;
};

struct SimplifyResult {
  Graph graph;
  std::vector<PassLog> log;  ///< one entry per pass, in order
  int rounds = 0;
};

/// The canonical form of `graph`: static, with constants folded and patterns fused; equal networks
/// from different exporters end as the same graph up to names (graph/structural_hash.h). With a
/// target, its algebra on top. Exact up to the rounding of floating-point arithmetic, unless told
/// otherwise.
///
/// Throws what specialize() throws.
[[nodiscard]] SimplifyResult simplify(Graph graph, const SimplifyOptions& options = {});

/// simplify() for devices of a kind. Inputs and outputs keep their names.
[[nodiscard]] Graph rewrite_for(Graph graph, std::string_view device_kind);

/// `graph` as it is written to an ONNX file: Attention in ONNX's operators, with the transposes
/// that this brings merged into those of the graph. simplify() of what is read back gives `graph`
/// again.
[[nodiscard]] Graph expand_for_onnx(Graph graph);

}  // namespace mtmi::passes
