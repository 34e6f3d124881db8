// The CPU backend's one public header.
#pragma once

#include <memory>

#include "mtmi/device/backend.h"

namespace mtmi {

/// Float32 on the processor: fast kernels for what networks are made of, the interpreter's for
/// every other operator, so that every model that mtmi reads runs.
[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend();

}  // namespace mtmi
