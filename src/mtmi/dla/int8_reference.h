// A graph in a DLA's INT8, layer by layer in plain loops: the oracle of everything that computes it
// fast.
//
// It reads the original graph and shares with the engines only what defines them: which nodes are
// one layer, which layers run in INT8, how weights are quantised. docs/numerics.md says what it
// computes. It is a model built from public arithmetic and rules, not Orin's silicon.
#pragma once

#include "mtmi/core/tensor_map.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/dla/precision_plan.h"

namespace mtmi::dla {

/// Everything that passes between the layers of `graph`, and its inputs, by value name: Int8 or
/// Float16 as PrecisionPlan says, row-major.
///
/// `inputs` may be Float32: they are rounded to INT8 or FP16, half to even, as a host does.
/// Pre: graph.is_static(), scales are finite and > 0. Slow; uses no threads.
/// Throws Error(InvalidArgument) for a missing input or one of another type or shape, Error
/// (InvalidModel | Unsupported) naming the node.
[[nodiscard]] TensorMap evaluate_int8(const Graph& graph,
                                      const TensorMap& inputs,
                                      const Scales& scales,
                                      Rounding rounding = Rounding::HalfAway,
                                      Precision precision = Precision::Int8);

}  // namespace mtmi::dla
