// The scales inside a Q/DQ model, whoever wrote it.
#pragma once

#include <map>
#include <string>

#include "mtmi/graph/graph.h"

namespace mtmi::quant {

/// The scale of every activation that stands behind a QuantizeLinear directly followed by
/// DequantizeLinear, by the name of the tensor in front of the pair; by that of the result where
/// the pair makes an output of the graph. Pairs on weights, and biases behind DequantizeLinear
/// alone, are left out: those scales follow from the weights.
///
/// Throws Error(Unsupported) naming the node where a scale cannot be honoured: not one float32 for
/// the whole tensor, not a constant, a zero point that is not 0 of int8, an end of a pair that
/// stands alone or differs from the other. Throws Error(InvalidModel) where a scale is negative,
/// zero or not finite, where a tensor has two, and where the graph has none.
[[nodiscard]] std::map<std::string, float> read_qdq_scales(const Graph& graph);

}  // namespace mtmi::quant
