#include <array>
#include <cstring>

#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> reshape(const EvaluateContext& context) {
  return {context.input(0).reshaped(context.outputs[0].shape)};
}

std::vector<Tensor> dropout(const EvaluateContext& context) {
  std::vector<Tensor> outputs{context.input(0)};
  if (context.outputs.size() == 2) {
    Tensor& mask = outputs.emplace_back(DType::Bool, context.outputs[1].shape);
    std::memset(mask.bytes().data(), 1, mask.size_bytes());
  }
  return outputs;
}

constexpr std::array kEvaluators{
    Evaluator{"Identity", reshape},
    Evaluator{"Dropout", dropout},
    Evaluator{"Reshape", reshape},
    Evaluator{"Flatten", reshape},
    Evaluator{"Squeeze", reshape},
    Evaluator{"Unsqueeze", reshape},
};

}  // namespace

std::span<const Evaluator> reshape_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
