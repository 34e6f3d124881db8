// The reference network: MiT-B0 encoder, SegFormer segmentation head, progressive depth head.
#pragma once

#include <cstdint>

#include "mtmi/graph/graph.h"

namespace mtmi::zoo {

struct MtmiB0Options {
  std::int64_t height = 1024;  ///< [pixels], a multiple of 32
  std::int64_t width = 1024;   ///< [pixels], a multiple of 32
  std::int64_t classes = 19;
  std::uint64_t seed = 0;  ///< of the random weights
};

/// mtmi-b0 in the form that a DLA runs whole: convolutions instead of linear layers in the heads,
/// static 4-D shapes, bilinear resizes by integer factors of at most 4 (an x8 is x4, then x2).
///
/// Input `input` f32[1,3,H,W]. Outputs `seg` s64[1,H,W], the class of every pixel, and `depth`
/// f32[1,1,H,W] [m]. Features f1 f32[1,32,H/4,W/4], f2 [1,64,H/8,W/8], f3 [1,160,H/16,W/16] and
/// f4 [1,256,H/32,W/32] are what encoder and heads share. Encoder: SegFormer, arXiv 2105.15203.
/// Throws Error(InvalidArgument) if the size is no multiple of 32 or there are no classes.
[[nodiscard]] Graph make_mtmi_b0(const MtmiB0Options& options);

}  // namespace mtmi::zoo
