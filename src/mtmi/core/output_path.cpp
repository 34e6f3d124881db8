#include "mtmi/core/output_path.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <unistd.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw Error(
      ErrorCode::Io, "core::require_can_write", path.string() + ": cannot write: " + reason);
}

}  // namespace

void require_can_write_into(const fs::path& folder) {
  std::error_code ignored;
  fs::path there = folder.empty() ? fs::path(".") : folder;
  while (!fs::exists(fs::symlink_status(there, ignored)) && there.has_relative_path()) {
    there = there.has_filename() ? there.parent_path() : there.parent_path().parent_path();
    there = there.empty() ? fs::path(".") : there;
  }
  if (!fs::is_directory(there, ignored)) {
    refuse(folder,
           there == folder ? "it is there and not a folder" : there.string() + " is not a folder");
  }
  if (access(there.c_str(), W_OK | X_OK) != 0) {
    refuse(folder, std::generic_category().message(errno));
  }
}

void require_can_write(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    refuse(path, "it is there and not a regular file");
  }
  require_can_write_into(path.parent_path());
}

}  // namespace mtmi
