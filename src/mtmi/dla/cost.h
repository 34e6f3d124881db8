// How long a DLA core of Orin takes, predicted: a model from published figures, not a measurement.
//
// A layer takes the longer of its arithmetic and of its traffic to memory; docs/dla-cost.md gives
// each figure with its source, and what the model leaves out.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/dla/precision_plan.h"
#include "mtmi/graph/graph.h"

namespace mtmi::dla {

/// One core of one power mode.
struct CoreRates {
  double clock_hz = 1.3696e9;        ///< AGX Orin, 30 and 50 W
  double macs_per_cycle = 8192.0;    ///< dense, INT8
  double bytes_per_second = 51.2e9;  ///< of DRAM, that one core reaches
  double half_slowdown = 14.0;       ///< of products in FP16
};

/// What one layer takes.
struct LayerCost {
  std::int64_t macs = 0;
  std::int64_t bytes = 0;  ///< read and written in DRAM, weights included
  int rescales = 0;        ///< operands that are brought to another scale in front of it
  double compute_us = 0.0;
  double memory_us = 0.0;

  [[nodiscard]] double time_us() const noexcept {
    return compute_us > memory_us ? compute_us : memory_us;
  }
};

/// One entry per layer of `plan`, in its order. Pre: `plan` was made of `graph`.
[[nodiscard]] std::vector<LayerCost> predict_layers(const Graph& graph,
                                                    const PrecisionPlan& plan,
                                                    const CoreRates& rates = {});

/// The sum of the layers': they run one after the other [us].
[[nodiscard]] double total_us(const std::vector<LayerCost>& layers) noexcept;

}  // namespace mtmi::dla
