#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {

std::vector<std::span<const Evaluator>> evaluator_tables() {
  return {
      activation_evaluators(),
      arithmetic_evaluators(),
      cast_evaluators(),
      concat_evaluators(),
      depth_to_space_evaluators(),
      expand_evaluators(),
      gather_evaluators(),
      generator_evaluators(),
      logic_evaluators(),
      math_evaluators(),
      pad_evaluators(),
      reshape_evaluators(),
      scatter_evaluators(),
      slice_evaluators(),
      transpose_evaluators(),
      activation_evaluators(),    arithmetic_evaluators(), attention_evaluators(),
      cast_evaluators(),          concat_evaluators(),     conv_evaluators(),
      expand_evaluators(),        gather_evaluators(),     generator_evaluators(),
      logic_evaluators(),         math_evaluators(),       matmul_evaluators(),
      normalization_evaluators(), pooling_evaluators(),    reduction_evaluators(),
      reshape_evaluators(),       resize_evaluators(),     slice_evaluators(),
      softmax_evaluators(),       transpose_evaluators(),
  };
}

}  // namespace mtmi::interp
