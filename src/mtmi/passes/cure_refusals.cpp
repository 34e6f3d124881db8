#include "mtmi/passes/cure_refusals.h"

#include <algorithm>
#include <unordered_map>
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

std::size_t parts_of(const Graph& graph, std::span<const Support> answers) {
  const dla::Partition partition = dla::partition(graph, answers);
  return partition.loadables.size() + partition.fallbacks.size();
}

/// What a DLA says of each node, asked again only where the graph has changed.
class KnownAnswers {
 public:
  explicit KnownAnswers(const Graph& graph) { update(graph); }

  /// Forgets what `graph` may be answered otherwise since `root` was rewritten: `root`, what is
  /// new, and what stands beside these. Asks again.
  void update(const Graph& graph, NodeId root) {
    std::vector<NodeId> changed{root};
    std::copy_if(
        graph.order().begin(), graph.order().end(), std::back_inserter(changed), [this](NodeId id) {
          return !accepted_.contains(id);
        });
    for (const NodeId id : changed) {
      accepted_.erase(id);
      forget_neighbours(graph, graph.node(id));
    }
    update(graph);
  }

  /// Without the parts, which cost much to count.
  [[nodiscard]] DlaFit fit() const noexcept { return fit_; }

 private:
  void forget_neighbours(const Graph& graph, const Node& node) {
    for (const ValueId input : node.inputs) {
      if (const auto producer = input == kNoValue ? std::nullopt : graph.producer(input)) {
        accepted_.erase(*producer);
      }
    }
    for (const ValueId output : node.outputs) {
      if (output != kNoValue) {
        for (const NodeId user : graph.users(output)) {
          accepted_.erase(user);
        }
      }
    }
  }

  void update(const Graph& graph) {
    fit_ = {};
    for (const NodeId id : graph.order()) {
      const auto [it, is_new] = accepted_.try_emplace(id, false);
      if (is_new) {
        it->second = static_cast<bool>(dla::check(graph, id));
      }
      if (!it->second) {
        ++fit_.refused;
        fit_.computing += is_layout_node(graph, id) ? 0U : 1U;
      }
    }
  }

  std::unordered_map<NodeId, bool> accepted_;
  DlaFit fit_;
};

bool has_fewer_parts(const Graph& graph, const Graph& than) {
  return parts_of(graph, dla::check(graph)) < parts_of(than, dla::check(than));
}

}  // namespace

DlaFit dla_fit(const Graph& graph) {
  DlaFit fit = KnownAnswers(graph).fit();
  fit.parts = parts_of(graph, dla::check(graph));
  return fit;
}

bool fits_better(const Graph& graph, const Graph& than) {
  const DlaFit fit = KnownAnswers(graph).fit();
  const DlaFit other = KnownAnswers(than).fit();
  return fit < other || (fit == other && has_fewer_parts(graph, than));
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
  KnownAnswers known(graph);
  for (const NodeId id : candidates) {
    Graph trial = graph;
    if (!applies(rewrite, trial, id)) {
      continue;
    }
    trial.remove_dead_nodes();
    KnownAnswers answers = known;
    answers.update(trial, id);
    if (answers.fit() < known.fit() ||
        (answers.fit() == known.fit() && has_fewer_parts(trial, graph))) {
      graph = std::move(trial);
      known = std::move(answers);
    }
  }
  return graph;
}

}  // namespace mtmi::passes
