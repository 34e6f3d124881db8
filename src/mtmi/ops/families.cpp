#include "mtmi/ops/families.h"

namespace mtmi::ops {

std::vector<std::span<const Operator>> families() {
  // clang-format off
  return {  // one a line
      activation_operators(),
      arithmetic_operators(),
      attention_operators(),
      cast_operators(),
      concat_operators(),
      conv_operators(),
      cum_sum_operators(),
      depth_to_space_operators(),
      einsum_operators(),
      expand_operators(),
      gather_operators(),
      generator_operators(),
      grid_sample_operators(),
      logic_operators(),
      math_operators(),
      matmul_operators(),
      normalization_operators(),
      pad_operators(),
      pooling_operators(),
      quantization_operators(),
      reduction_operators(),
      reshape_operators(),
      resize_operators(),
      scatter_operators(),
      slice_operators(),
      softmax_operators(),
      top_k_operators(),
      transpose_operators(),
  };
  // clang-format on
}

}  // namespace mtmi::ops
