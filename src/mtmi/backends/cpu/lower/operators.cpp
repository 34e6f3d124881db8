#include "mtmi/backends/cpu/lower/operators.h"

#include "mtmi/error.h"

namespace mtmi::cpu {

kernels::ActivationSpec read_activation(const Attributes& attributes, std::string_view prefix) {
  const std::int64_t kind = attributes.get_int(prefix, 0);
  if (kind < 0 || kind > static_cast<std::int64_t>(kernels::kLastActivation)) {
    throw Error(ErrorCode::InvalidModel, "cpu::read_activation", "the activation is unknown");
  }
  const std::string name(prefix);
  return {.kind = static_cast<kernels::Activation>(kind),
          .alpha = attributes.get_float(name + "_alpha", 0.0F),
          .beta = attributes.get_float(name + "_beta", 0.0F)};
}

void write_activation(Attributes& attributes,
                      const std::string& prefix,
                      const kernels::ActivationSpec& spec) {
  attributes.set(prefix, static_cast<std::int64_t>(spec.kind));
  attributes.set(prefix + "_alpha", spec.alpha);
  attributes.set(prefix + "_beta", spec.beta);
}

bool has_epilogue(std::string_view op) {
  return op == "cpu.Conv" || op == "cpu.Winograd" || op == "cpu.Linear";
}

}  // namespace mtmi::cpu
