#include "mtmi/core/folder_lock.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "mtmi/error.h"

namespace mtmi {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  const bool opened = descriptor_ >= 0;
  if (opened && flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    return;
  }
  const int error = errno;
  if (opened) {
    close(descriptor_);
  }
  const bool held = opened && error == EWOULDBLOCK;
  throw Error(ErrorCode::Io,
              "FolderLock",
              folder.string() + ": " +
                  (held ? "another mtmi is at work here; wait until it is done"
                        : "cannot open: " + std::generic_category().message(error)));
}

FolderLock::~FolderLock() {
  close(descriptor_);
}

}  // namespace mtmi
