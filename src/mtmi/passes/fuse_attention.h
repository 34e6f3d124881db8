// softmax(scale * q k^T) v written out in elementary operators.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// MatMul, Softmax over the last axis, MatMul becomes one Attention (ops/attention.h), with the
/// scale wherever it stands: on q, on k, its root on both, or behind the product; as Mul or Div.
/// Tensors of three axes get a fourth. k is transposed back to [b, h, m, d]; merge_layouts takes
/// out the pairs of transposes that this leaves.
///
/// Why: the scores are the largest tensor of a transformer; a fused kernel never writes them. And
/// every exporter spells it another way.
///
/// Pre: types are known.
[[nodiscard]] Graph fuse_attention(Graph graph);

}  // namespace mtmi::passes
