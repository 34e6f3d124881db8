#include "mtmi/ops/families.h"

namespace mtmi::ops {

std::vector<std::span<const Operator>> families() {
  return {
      activation_operators(),
  };
}

}  // namespace mtmi::ops
