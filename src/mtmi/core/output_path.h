// Can a file be written there? Asked before long work, which then does not end in a refusal.
#pragma once

#include <filesystem>

namespace mtmi {

/// Throws Error(Io), as an AtomicFile for `path` would do now. Leaves nothing behind; what comes to
/// be there later, and full disks, are found by who writes.
void require_can_write(const std::filesystem::path& path);

/// The same for files in `folder`, which may have to be created.
void require_can_write_into(const std::filesystem::path& folder);

}  // namespace mtmi
