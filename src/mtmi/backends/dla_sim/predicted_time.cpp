#include "mtmi/backends/dla_sim/predicted_time.h"

#include <cstdint>
#include <unordered_map>

#include "mtmi/backends/common_int8/lower/lower.h"
#include "mtmi/dla/cost.h"
#include "mtmi/error.h"

namespace mtmi::dla_sim {
namespace {

constexpr std::size_t kBytes = 8;

}  // namespace

std::chrono::nanoseconds predict_time(const Graph& graph, const CompileOptions& options) {
  const double us = dla::total_us(dla::predict_layers(graph, int8::plan_precision(graph, options)));
  return std::chrono::nanoseconds(static_cast<std::int64_t>(us * 1e3));
}

std::vector<NodeEstimate> estimate_nodes(const Graph& graph, const CompileOptions& options) {
  const dla::PrecisionPlan plan = int8::plan_precision(graph, options);
  const std::vector<dla::LayerCost> costs = dla::predict_layers(graph, plan);
  std::unordered_map<NodeId, const dla::LayerCost*> cost_of;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    cost_of.emplace(plan.layers()[i].layer.nodes.front(), &costs[i]);
  }
  std::vector<NodeEstimate> estimates;
  for (const NodeId id : graph.order()) {
    const auto cost = cost_of.find(id);
    estimates.push_back(cost == cost_of.end() ? NodeEstimate{.node = id}
                                              : NodeEstimate{.node = id,
                                                             .time_us = cost->second->time_us(),
                                                             .bytes = cost->second->bytes});
  }
  return estimates;
}

std::vector<std::byte> write_predicted_time(std::chrono::nanoseconds time) {
  std::vector<std::byte> blob;
  for (std::size_t i = 0; i < kBytes; ++i) {
    blob.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(time.count()) >> (8 * i)));
  }
  return blob;
}

std::chrono::nanoseconds read_predicted_time(std::span<const std::byte> blob) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < blob.size() && i < kBytes; ++i) {
    count |= std::to_integer<std::uint64_t>(blob[i]) << (8 * i);
  }
  constexpr std::uint64_t kLongest = 3'600'000'000'000;  // an hour
  if (blob.size() != kBytes || count > kLongest) {
    throw Error(ErrorCode::InvalidModel,
                "dla_sim::read_predicted_time",
                "the engine's predicted time is damaged; build it again");
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(count));
}

}  // namespace mtmi::dla_sim
