// One process at a time that writes into a folder.
#pragma once

#include <filesystem>

namespace mtmi {

/// Holds the folder for as long as it lives. The system lets go of it when the process ends,
/// however it ends; no file is left behind.
class FolderLock {
 public:
  /// Throws Error(Io) if another process holds the folder. Pre: `folder` is there.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int descriptor_ = -1;
};

}  // namespace mtmi
