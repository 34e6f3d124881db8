#include "mtmi/deploy/step_store.h"

#include <cstddef>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"

namespace mtmi::deploy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A store of one step that writes what it is told.
class StepStoreTest : public testing::Test {
 protected:
  StepResult run(StepStore& store, const std::string& input) {
    StepKey key("make", "part", 1);
    key.add("input", input);
    return store.run(key, [&](StepWriter& writer) {
      ++times_made_;
      writer.add_file("text", "parts", "p", ".txt", "made of " + input);
      writer.set_facts(R"({"length": 3})");
    });
  }

  StepStore open() {
    return {folder_.path(), [](const Progress&) {}};
  }

  [[nodiscard]] std::filesystem::path only_file(const char* folder) const {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / folder)) {
      EXPECT_TRUE(found.empty());
      found = entry.path();
    }
    return found;
  }

  const TemporaryFolder folder_;
  int times_made_ = 0;
};

TEST_F(StepStoreTest, AStepThatIsDoneIsNotDoneAgain) {
  StepStore first = open();
  const StepResult made = run(first, "a");
  StepStore second = open();
  EXPECT_EQ(run(second, "a"), made);
  EXPECT_EQ(times_made_, 1);
  EXPECT_EQ(second.found(), 1);
  EXPECT_EQ(MappedFile(second.path_of(made.file("text"))).text(), "made of a");
}

TEST_F(StepStoreTest, AnotherInputIsAnotherStep) {
  StepStore store = open();
  EXPECT_NE(run(store, "a").file("text").path, run(store, "b").file("text").path);
  EXPECT_EQ(times_made_, 2);
}

TEST_F(StepStoreTest, FieldsOfAKeyCannotRunIntoEachOther) {
  const auto hash = [](const char* name, const char* value) {
    return StepKey("s", "", 1).add(name, std::string(value)).hash();
  };
  EXPECT_NE(hash("ab", "c"), hash("a", "bc"));
  EXPECT_NE(StepKey("s", "p", 1).hash(), StepKey("sp", "", 1).hash());
  EXPECT_NE(StepKey("s", "", 1).hash(), StepKey("s", "", 2).hash());
}

TEST_F(StepStoreTest, AnEditedFileIsNamedAndMadeAgain) {
  StepStore first = open();
  const StepResult made = run(first, "a");
  write_file(first.path_of(made.file("text")), "edited");
  StepStore second = open();
  EXPECT_EQ(run(second, "a"), made);
  EXPECT_EQ(times_made_, 2);
  EXPECT_THAT(second.findings(), ElementsAre(HasSubstr(".txt: edited or damaged; made again")));
  EXPECT_EQ(MappedFile(second.path_of(made.file("text"))).text(), "made of a");
}

TEST_F(StepStoreTest, AMissingFileIsNamedAndMadeAgain) {
  StepStore first = open();
  std::filesystem::remove(first.path_of(run(first, "a").file("text")));
  StepStore second = open();
  (void)run(second, "a");
  EXPECT_THAT(second.findings(), ElementsAre(HasSubstr(".txt: missing; made again")));
}

TEST_F(StepStoreTest, EveryFlipInARecordIsFound) {
  StepStore first = open();
  (void)run(first, "a");
  const std::filesystem::path record = only_file("steps");
  const std::string text(MappedFile(record).text());
  for (std::size_t at = 0; at + 1 < text.size(); at += 7) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 2);
    write_file(record, damaged);
    StepStore store = open();
    (void)run(store, "a");
    // White space that became other white space changes nothing that is read.
    EXPECT_TRUE(store.made() == 1 || damaged[at] == '\b' || text[at] == ' ' || text[at] == '\n')
        << "byte " << at << " '" << text[at] << "'";
    EXPECT_EQ(MappedFile(record).text(), store.made() == 1 ? text : damaged);
  }
}

TEST_F(StepStoreTest, WhatOnlyAnOldDeployUsedIsRemoved) {
  StepStore old = open();
  const StepResult unused = run(old, "a");
  StepStore store = open();
  (void)run(store, "b");
  write_file(folder_ / "state/make-part-0123456789ab.partial", "half done");
  write_file(folder_ / "parts/.p-0123456789ab.txt.4711.0.tmp", "half written");
  store.remove_unused();
  EXPECT_FALSE(std::filesystem::exists(store.path_of(unused.file("text"))));
  EXPECT_THAT(store.findings(), IsEmpty());
  EXPECT_EQ(only_file("steps").filename().string().substr(0, 10), "make-part-");
  EXPECT_EQ(only_file("parts").extension(), ".txt");
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "state"));
}

TEST_F(StepStoreTest, FilesOfOthersAreNamedAndStay) {
  StepStore store = open();
  (void)run(store, "a");
  write_file(folder_ / "parts/notes.txt", "mine");
  write_file(folder_ / "README", "mine, too");
  store.remove_unused();
  EXPECT_THAT(store.findings(), ElementsAre(HasSubstr("parts/notes.txt: not made by this deploy")));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "parts/notes.txt"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "README"));
}

TEST_F(StepStoreTest, AnEditedFileOfAnOldDeployStays) {
  StepStore old = open();
  const StepResult edited = run(old, "a");
  write_file(old.path_of(edited.file("text")), "my notes");
  StepStore store = open();
  (void)run(store, "b");
  store.remove_unused();
  EXPECT_TRUE(std::filesystem::exists(store.path_of(edited.file("text"))));
  EXPECT_EQ(store.findings().size(), 1U);
}

}  // namespace
}  // namespace mtmi::deploy
