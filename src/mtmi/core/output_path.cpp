#include "mtmi/core/output_path.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw Error(
      ErrorCode::Io, "core::require_can_write", path.string() + ": cannot write: " + reason);
}

/// Permissions do not tell all: /proc and its like take no files from anybody.
void require_takes_files(const fs::path& folder, const fs::path& wanted) {
#if defined(O_TMPFILE)
  // A file without a name: nothing is seen of it.
  const int unnamed = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (unnamed >= 0) {
    close(unnamed);
    return;
  }
#endif
  std::string name = (folder / ".mtmi-can-write-XXXXXX").string();
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) {
    refuse(wanted,
           folder.string() + " takes no files (" + std::generic_category().message(errno) + ")");
  }
  close(file);
  unlink(name.c_str());
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
  require_takes_files(there, folder);
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
