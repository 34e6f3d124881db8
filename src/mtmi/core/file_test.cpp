#include "mtmi/core/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

class FileTest : public testing::Test {
 protected:
  [[nodiscard]] int entries() const {
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  const TemporaryFolder folder_;
};

TEST_F(FileTest, WrittenTextReadsBack) {
  write_file(folder_ / "a" / "b.txt", "two words");
  EXPECT_EQ(MappedFile(folder_ / "a" / "b.txt").text(), "two words");
}

TEST_F(FileTest, WithoutCommitNothingIsLeft) {
  {
    AtomicFile file(folder_ / "x.bin");
    file.write("half of it");
    EXPECT_EQ(entries(), 1);
  }
  EXPECT_EQ(entries(), 0);
}

TEST_F(FileTest, AFileInTheWayIsNamed) {
  write_file(folder_ / "file", "x");
  try {
    write_file(folder_ / "file" / "below", "y");
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::Io);
    EXPECT_NE(std::string(e.what()).find("file: cannot create the folder"), std::string::npos);
  }
}

TEST_F(FileTest, APipeIsRefusedAndNotWaitedFor) {
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(MappedFile(folder_ / "pipe"), Error);
}

TEST_F(FileTest, WhatIsNoFileIsNotReplaced) {
  const std::filesystem::path pipe = folder_.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(write_file(pipe, "x"), Error);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_THROW(write_file(folder_.path(), "x"), Error);
}

TEST_F(FileTest, MissingFileIsNamed) {
  try {
    const MappedFile file(folder_ / "none.onnx");
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("none.onnx: cannot open: No such file"),
              std::string::npos);
  }
}

TEST(NameOfUnfinished, IsTheNameOfTheFileThatWasWritten) {
  const TemporaryFolder folder;
  const AtomicFile file(folder / "x.1.onnx");
  EXPECT_EQ(name_of_unfinished(file.temporary_path().filename().string()), "x.1.onnx");
  for (const char* other : {"x.onnx", ".x.tmp", ".x.1.tmp", "..1.2.tmp", ".x.1..tmp", ".tmp", ""}) {
    EXPECT_EQ(name_of_unfinished(other), std::nullopt) << other;
  }
}

TEST(FileNameOf, KeepsWhatIsSafe) {
  EXPECT_EQ(file_name_of("onnx::Mul_1912"), "onnx__Mul_1912");
  EXPECT_EQ(file_name_of("a/../b"), "a_.._b");
  EXPECT_EQ(file_name_of(".."), "__");
  EXPECT_EQ(file_name_of(""), "_");
  const std::string a = file_name_of(std::string(300, 'x') + "a");
  EXPECT_EQ(a.size(), 128U);
  EXPECT_NE(a, file_name_of(std::string(300, 'x') + "b"));
}

}  // namespace
}  // namespace mtmi
