#include "mtmi/core/unique_names.h"

#include "mtmi/core/file.h"
#include "mtmi/core/log.h"

namespace mtmi {

std::string UniqueNames::take(std::string_view name, std::string_view what) {
  const std::string safe = file_name_of(name);
  std::string unique = safe;
  for (int suffix = 2; !taken_.insert(unique).second; ++suffix) {
    unique = safe + "-" + std::to_string(suffix);
  }
  if (unique != safe) {
    log_info(std::string(what) + " is written as " + unique + ": the name " + safe + " was taken");
  }
  return unique;
}

}  // namespace mtmi
