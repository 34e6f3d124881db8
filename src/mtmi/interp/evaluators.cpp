#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {

std::vector<std::span<const Evaluator>> evaluator_tables() {
  return {
      activation_evaluators(),
  };
}

}  // namespace mtmi::interp
