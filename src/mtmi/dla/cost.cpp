#include "mtmi/dla/cost.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "mtmi/dla/scale_groups.h"
#include "mtmi/ops/cost.h"

namespace mtmi::dla {
namespace {

/// What a tensor takes in memory: channels padded as a DLA holds them.
std::int64_t bytes_of(const Graph& graph, const PrecisionPlan& plan, ValueId id) {
  const Shape shape = graph.type(id).shape;
  const std::int64_t elements = shape.num_elements();
  if (shape.rank() < 2 || shape[1] == 0) {
    return elements;
  }
  // Chw32 of one byte and Chw16 of two bytes an element (TensorRT's native layouts of a DLA).
  const std::int64_t block = plan.is_int8(id) ? 32 : 16;
  const std::int64_t es = plan.is_int8(id) ? 1 : 2;
  const std::int64_t padded = (shape[1] + block - 1) / block * block;
  return elements / shape[1] * padded * es;
}

bool is_product(std::string_view op) {
  return op == "Conv" || op == "ConvTranspose" || op == "Gemm" || op == "MatMul";
}

Scales scales_of(const Graph& graph, const PrecisionPlan& plan) {
  Scales scales;
  const auto add = [&](ValueId id) {
    if (plan.is_int8(id)) {
      scales.emplace(graph.value(id).name, plan.scale(id));
    }
  };
  std::for_each(graph.inputs().begin(), graph.inputs().end(), add);
  for (const PlannedLayer& planned : plan.layers()) {
    std::for_each(planned.layer.outputs.begin(), planned.layer.outputs.end(), add);
  }
  return scales;
}

LayerCost cost_of_layer(const Graph& graph,
                        const PrecisionPlan& plan,
                        const PlannedLayer& planned,
                        const CoreRates& rates) {
  const bool int8 = planned.precision == Precision::Int8;
  LayerCost cost;
  for (const NodeId id : planned.layer.nodes) {
    const ops::NodeCost node = ops::cost_of(graph, id);
    cost.macs += node.macs;
    cost.bytes += node.parameters * (int8 ? 1 : 2);
  }
  for (const auto* values : {&planned.layer.inputs, &planned.layer.outputs}) {
    for (const ValueId id : *values) {
      cost.bytes += bytes_of(graph, plan, id);
    }
  }
  const bool slow = !int8 && is_product(graph.node(planned.layer.nodes.front()).op);
  const double cycles = static_cast<double>(cost.macs) / rates.macs_per_cycle;
  cost.compute_us = cycles / rates.clock_hz * 1e6 * (slow ? rates.half_slowdown : 1.0);
  return cost;
}

}  // namespace

std::vector<LayerCost> predict_layers(const Graph& graph,
                                      const PrecisionPlan& plan,
                                      const CoreRates& rates) {
  std::unordered_map<NodeId, std::size_t> layer_of;
  std::vector<LayerCost> costs;
  for (const PlannedLayer& planned : plan.layers()) {
    for (const NodeId id : planned.layer.nodes) {
      layer_of.emplace(id, costs.size());
    }
    costs.push_back(cost_of_layer(graph, plan, planned, rates));
  }
  for (const Rescale& rescale : find_rescales(graph, scales_of(graph, plan))) {
    LayerCost& cost = costs[layer_of.at(rescale.node)];
    ++cost.rescales;
    cost.bytes += 2 * bytes_of(graph, plan, rescale.value);  // read and written once more
  }
  for (LayerCost& cost : costs) {
    cost.memory_us = static_cast<double>(cost.bytes) / rates.bytes_per_second * 1e6;
  }
  return costs;
}

double total_us(const std::vector<LayerCost>& layers) noexcept {
  double total = 0.0;
  for (const LayerCost& layer : layers) {
    total += layer.time_us();
  }
  return total;
}

}  // namespace mtmi::dla
