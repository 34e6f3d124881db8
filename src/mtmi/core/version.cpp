#include "mtmi/version.h"

namespace mtmi {

const char* version() noexcept {
  return MTMI_VERSION;
}

}  // namespace mtmi
