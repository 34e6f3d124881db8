// A backend that runs next to nothing: the template for others. Start with the README beside this.
#pragma once

#include <memory>

#include "mtmi/device/backend.h"

namespace mtmi {

/// Copies inputs to outputs. One device, "null:0".
[[nodiscard]] std::unique_ptr<Backend> make_null_backend();

}  // namespace mtmi
