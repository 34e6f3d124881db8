#include "mtmi/core/output_path.h"

#include <string>

#include <gmock/gmock.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

template <class Check>
std::string refusal(Check check, const std::filesystem::path& path) {
  try {
    check(path);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::Io);
    return e.what();
  }
  return "";
}

TEST(OutputPath, WhatCanBeCreatedIsFineAndIsNotCreated) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(require_can_write, folder / "a/b/c.json"), IsEmpty());
  EXPECT_THAT(refusal(require_can_write_into, folder / "a/b/"), IsEmpty());
  EXPECT_THAT(refusal(require_can_write, "c.json"), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OutputPath, AFileInTheWayIsNamed) {
  const TemporaryFolder folder;
  write_file(folder / "file", "text");
  const std::string file = (folder / "file").string();
  EXPECT_THAT(refusal(require_can_write, folder / "file"), IsEmpty());
  EXPECT_EQ(refusal(require_can_write_into, file),
            file + ": cannot write: it is there and not a folder");
  EXPECT_EQ(refusal(require_can_write, file + "/a/b.json"),
            file + "/a: cannot write: " + file + " is not a folder");
}

TEST(OutputPath, AFolderIsNoFile) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder");
  EXPECT_THAT(refusal(require_can_write, folder / "folder"),
              EndsWith("folder: cannot write: it is there and not a regular file"));
}

TEST(OutputPath, AFolderThatTakesNoFilesIsNamed) {
  // Not a matter of permissions: root may not either.
  EXPECT_THAT(refusal(require_can_write_into, "/proc/new/folder"),
              StartsWith("/proc/new/folder: cannot write: /proc"));
  EXPECT_THAT(refusal(require_can_write, "/proc/file"), StartsWith("/proc: cannot write: /proc"));
}

}  // namespace
}  // namespace mtmi
