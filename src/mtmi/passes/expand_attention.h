// Attention in the operators of ONNX.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Every Attention becomes Mul (by the scale, on q; none for 1), Transpose (of k), MatMul, Softmax,
/// MatMul: the inverse of fuse_attention.
///
/// Why: no ONNX opset that mtmi writes has it. The writer would do the same; done here,
/// merge_layouts can merge the transpose with those above it.
///
/// Pre: types are known.
[[nodiscard]] Graph expand_attention(Graph graph);

}  // namespace mtmi::passes
