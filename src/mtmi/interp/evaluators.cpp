#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {

std::vector<std::span<const Evaluator>> evaluator_tables() {
  // clang-format off
  return {  // one a line
      activation_evaluators(),
      arithmetic_evaluators(),
      attention_evaluators(),
      cast_evaluators(),
      concat_evaluators(),
      conv_evaluators(),
      cum_sum_evaluators(),
      depth_to_space_evaluators(),
      einsum_evaluators(),
      expand_evaluators(),
      gather_evaluators(),
      generator_evaluators(),
      grid_sample_evaluators(),
      logic_evaluators(),
      math_evaluators(),
      matmul_evaluators(),
      normalization_evaluators(),
      pad_evaluators(),
      pooling_evaluators(),
      quantization_evaluators(),
      reduction_evaluators(),
      reshape_evaluators(),
      resize_evaluators(),
      scatter_evaluators(),
      slice_evaluators(),
      softmax_evaluators(),
      top_k_evaluators(),
      transpose_evaluators(),
  };
  // clang-format on
}

}  // namespace mtmi::interp
