// A 1x1 convolution over a Concat as a sum of 1x1 convolutions over its parts.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Conv 1x1 over a Concat of channels, some of which were enlarged by Resize, becomes one Conv per
/// part, added up; the bias goes into the first. Only where the work that move_convolutions_up then
/// saves is more than the additions cost (cost.h).
///
/// Why: the heads of SegFormer and its kin fuse four enlarged maps at the largest size; on their
/// own sizes that is a tenth of the work.
///
/// Pre: types are known.
[[nodiscard]] Graph split_concat_convolution(Graph graph);

}  // namespace mtmi::passes
