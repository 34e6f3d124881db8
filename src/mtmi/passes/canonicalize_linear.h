// One way to write a linear layer.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A linear layer with constant float32 weights [k, n] is Gemm (plain: no factor, no transposition)
/// on matrices, and MatMul, with an Add for its bias, on tensors of more axes. fold_affine puts the
/// Add behind a Gemm into it.
///
/// Why: one exporter writes Gemm with transB, another MatMul on transposed weights.
///
/// Pre: types are known.
[[nodiscard]] Graph canonicalize_linear(Graph graph);

}  // namespace mtmi::passes
