// From a graph with scales to one of INT8 steps.
#pragma once

#include <vector>

#include "mtmi/device/backend.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/dla/precision_plan.h"
#include "mtmi/graph/graph.h"

namespace mtmi::int8 {

/// A graph of the operators in operators.h, whose inputs and outputs are those of the source in
/// the formats of `inputs` and `outputs`.
struct Lowered {
  Graph graph;
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
};

/// options.scales, and the scales that options.io gives to inputs and outputs, say what runs in
/// INT8 (dla::PrecisionPlan); with options.precision Float16 everything runs in FP16.
///
/// Inputs and outputs may be Float32, Float16 or Int8 in any layout; one without a format is
/// Float32 as the graph has it. A format that is the layer's own (Int8 in Chw32 of up to 32
/// channels or in Hwc of a multiple of 32, with its scale; Float16 in Hwc) is read and written in
/// place. What options.observe names exists as Float32, under its name.
///
/// Pre: graph.is_static(). Throws Error(InvalidArgument) for formats, scales and names that cannot
/// be, Error(Unsupported | InvalidModel) naming the node.
[[nodiscard]] Lowered lower(const Graph& graph,
                            const CompileOptions& options,
                            dla::Rounding rounding);

/// What is INT8 of `graph` under `options`: as lower() takes it. Throws as lower() does for scales
/// that cannot be.
[[nodiscard]] dla::PrecisionPlan plan_precision(const Graph& graph, const CompileOptions& options);

}  // namespace mtmi::int8
