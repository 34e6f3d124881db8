// Which mtmi this is.
#pragma once

#include "mtmi/export.h"

namespace mtmi {

/// "MAJOR.MINOR.PATCH" of the library that is linked. Before 1.0 a new MINOR may change anything.
[[nodiscard]] MTMI_API const char* version() noexcept;

}  // namespace mtmi
