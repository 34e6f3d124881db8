// A folder of one's own for a while: for tests, which run side by side, and for scratch files.
#pragma once

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <stdlib.h>

#include "mtmi/error.h"

namespace mtmi {

/// An empty folder of its own under the system's temporary folder, removed with all that is in it.
class TemporaryFolder {
 public:
  /// Throws Error(Io).
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mtmi.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw Error(ErrorCode::Io,
                  "core::TemporaryFolder",
                  pattern + ": cannot create: " + std::generic_category().message(errno));
    }
    path_ = pattern;
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace mtmi
