// One way to write what a node's attributes say.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Drops attributes that have their default value; writes the padding of Conv and pooling as pads,
/// not as a rule (auto_pad), and Conv's kernel_shape and the order of Transpose always; counts axes
/// from the front, but those of Softmax and LayerNormalization from the back, as their defaults do;
/// puts the constant operand of a commutative operator second; drops a bias of zeros and trailing
/// inputs that are left out.
///
/// Why: duplicates, patterns and structural equality compare attributes.
///
/// Pre: types are known.
[[nodiscard]] Graph canonicalize_attributes(Graph graph);

}  // namespace mtmi::passes
