#include "mtmi/deploy/known_hashes.h"

#include <chrono>
#include <span>
#include <string_view>

#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

class KnownHashesTest : public testing::Test {
 protected:
  KnownHashesTest() { write_file(input_, "content"); }

  /// Remembers `hash` for the input as it is now, so that it shows whether the file is read.
  void remember(const std::string& hash) const {
    KnownHashes known(memory_);
    // Files are not remembered in the moment in which they change.
    std::string text;
    while (text.find("input") == std::string::npos) {
      (void)known.of(input_);
      known.save();
      text = MappedFile(memory_).text();
    }
    const std::string real = hash_of("content");
    text.replace(text.find(real), real.size(), hash);
    write_file(memory_, text);
  }

  static std::string hash_of(std::string_view text) {
    return hash_hex(std::as_bytes(std::span(text)));
  }

  const TemporaryFolder folder_;
  const std::filesystem::path input_ = folder_ / "input";
  const std::filesystem::path memory_ = folder_ / "state" / "inputs.json";
};

TEST_F(KnownHashesTest, AnUnchangedFileIsNotRead) {
  remember("remembered");
  EXPECT_EQ(KnownHashes(memory_).of(input_), "remembered");
}

TEST_F(KnownHashesTest, AChangedFileIsRead) {
  remember("remembered");
  write_file(input_, "cOntent");  // the same length, another inode
  EXPECT_EQ(KnownHashes(memory_).of(input_), hash_of("cOntent"));
}

TEST_F(KnownHashesTest, ATouchedFileIsRead) {
  remember("remembered");
  std::filesystem::last_write_time(
      input_, std::filesystem::last_write_time(input_) - std::chrono::hours(1));
  EXPECT_EQ(KnownHashes(memory_).of(input_), hash_of("content"));
}

TEST_F(KnownHashesTest, ForgettingReadsAll) {
  remember("remembered");
  KnownHashes known(memory_);
  known.forget();
  EXPECT_EQ(known.of(input_), hash_of("content"));
}

TEST_F(KnownHashesTest, ADamagedMemoryIsNoMemory) {
  write_file(memory_, R"({"/x": {"size": "many"}})");
  EXPECT_EQ(KnownHashes(memory_).of(input_), hash_of("content"));
  write_file(memory_, "no JSON");
  EXPECT_EQ(KnownHashes(memory_).of(input_), hash_of("content"));
}

TEST_F(KnownHashesTest, AMissingFileIsNamed) {
  EXPECT_THROW((void)KnownHashes(memory_).of(folder_ / "none"), Error);
}

}  // namespace
}  // namespace mtmi::deploy
