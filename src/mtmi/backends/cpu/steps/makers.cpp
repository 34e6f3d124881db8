#include "mtmi/backends/cpu/steps/makers.h"

#include <array>

namespace mtmi::cpu {

std::span<const StepMaker> step_makers() {
  static constexpr std::array kMakers{
      StepMaker{"cpu.Copy", make_copy_step},
  };
  return kMakers;
}

}  // namespace mtmi::cpu
