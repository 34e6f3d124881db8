// The scalar meaning of an ActivationSpec, computed in double: for tests.
#pragma once

#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::kernels {

[[nodiscard]] float activation_ref(const ActivationSpec& spec, float x) noexcept;

}  // namespace mtmi::kernels
