// A graph with its scales inside, as QuantizeLinear and DequantizeLinear: for TensorRT from 11 on,
// ONNX Runtime and OpenVINO.
#pragma once

#include <map>
#include <string>

#include "mtmi/graph/graph.h"

namespace mtmi::quant {

/// `graph` with a QuantizeLinear and DequantizeLinear pair
///   - on every tensor of INT8 that an INT8 layer reads or makes: none inside a layer (Conv and
///     Relu), nor where one leaves as halves (Conv and Sigmoid), dla::PrecisionPlan;
///   - on the weights of INT8 layers, per output channel, which are float32 on the INT8 grid
///     already; the bias is float32 on its grid, without a pair (grid_weights.h).
///   - none on constants that INT8 layers add or choose from (Add, Sub, Max, Min): like a bias,
///   these
///     lie on a grid already.
/// The rest stays as it was, constants that are multiplied by among it.
///
/// Scales are `scales`, by value name, to the bit; zero points are 0 of int8. Tensors keep their
/// names, results of the graph included: what is quantised into the result `y` is `y/float`, new
/// ones are `x/scale`, `x/quantize` and `x/dequantize`. Can be written from opset 13 on.
///
/// Pre: graph.is_static(); scales are finite and > 0.
[[nodiscard]] Graph insert_qdq(Graph graph, const std::map<std::string, float>& scales);

}  // namespace mtmi::quant
