#include "mtmi/passes/cure_refusals.h"

#include <algorithm>
#include <vector>

#include "mtmi/dla/loadables.h"
#include "mtmi/dla/rules.h"
#include "mtmi/error.h"
#include "mtmi/passes/layout_chain.h"

namespace mtmi::passes {
namespace {

bool is_candidate(const Graph& graph, NodeId id, std::span<const std::string_view> ops) {
  const Node& node = graph.node(id);
  const ValueId result = node.outputs.front();
  return std::find(ops.begin(), ops.end(), node.op) != ops.end() && result != kNoValue &&
         graph.value(result).dtype == DType::Float32 && !dla::check(graph, id);
}

/// Whether `rewrite` changed the graph. Extents that nobody can count (of a result before its
/// border is cut off) are refused where types are inferred: then there is no such rewrite.
bool applies(NodeRewrite rewrite, Graph& graph, NodeId id) {
  try {
    return rewrite(graph, id);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

DlaFit dla_fit(const Graph& graph) {
  const std::vector<Support> answers = dla::check(graph);
  DlaFit fit;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      ++fit.refused;
      fit.computing += is_layout_node(graph, graph.order()[i]) ? 0U : 1U;
    }
  }
  const dla::Partition partition = dla::partition(graph, answers);
  fit.parts = partition.loadables.size() + partition.fallbacks.size();
  return fit;
}

Graph cure_refusals(Graph graph, std::span<const std::string_view> ops, NodeRewrite rewrite) {
  graph.remove_dead_nodes();
  std::vector<NodeId> candidates;
  std::copy_if(
      graph.order().begin(), graph.order().end(), std::back_inserter(candidates), [&](NodeId id) {
        return is_candidate(graph, id, ops);
      });
  if (candidates.empty()) {
    return graph;
  }
  DlaFit fit = dla_fit(graph);
  for (const NodeId id : candidates) {
    Graph trial = graph;
    if (!applies(rewrite, trial, id)) {
      continue;
    }
    trial.remove_dead_nodes();
    const DlaFit trial_fit = dla_fit(trial);
    if (trial_fit < fit) {
      graph = std::move(trial);
      fit = trial_fit;
    }
  }
  return graph;
}

}  // namespace mtmi::passes
