// The same bits for every number of threads, of the whole reference network and of `run`.
#include "program.h"
#include <gmock/gmock.h>

namespace mtmi::cli {
namespace {

class Threads : public ProgramTest {
 protected:
  Threads() {
    EXPECT_EQ(run({"model", "--size", "64x128", "-o", "net.onnx"}).exit_code, 0);
    EXPECT_EQ(run({"scenes", "-o", "scenes", "--count", "2", "--size", "64x128"}).exit_code, 0);
  }

  /// Runs the verb with 1, 2 and 3 threads, each into a folder of that name below `folder_name`,
  /// and expects the same `files` in all of them.
  void expect_same_files(std::vector<std::string> arguments,
                         const std::string& folder_name,
                         const std::vector<std::string>& files) {
    arguments.insert(arguments.end(), {"-o", "", "--threads", ""});
    for (const char* threads : {"1", "2", "3"}) {
      arguments[arguments.size() - 3] = folder_name + "/" + threads;
      arguments.back() = threads;
      const ProgramResult result = run(arguments);
      ASSERT_EQ(result.exit_code, 0) << result.err;
    }
    for (const std::string& file : files) {
      const std::string expected = read_text(folder_name + "/1/" + file);
      EXPECT_FALSE(expected.empty()) << file;
      EXPECT_TRUE(read_text(folder_name + "/2/" + file) == expected) << file;
      EXPECT_TRUE(read_text(folder_name + "/3/" + file) == expected) << file;
    }
  }
};

TEST_F(Threads, InferGivesTheSameBitsForEveryNumber) {
  expect_same_files({"infer", "net.onnx", "--input", "input=scenes/images/000000.png"},
                    "infer",
                    {"seg.npy", "depth.npy"});
}

TEST_F(Threads, RunGivesTheSameBitsForEveryNumber) {
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"}).exit_code, 0);
  expect_same_files({"run", "bundle", "--images", "scenes/images"},
                    "run",
                    {"000000_seg.bin", "000000_depth.bin", "000001_seg.bin", "000001_depth.bin"});
}

}  // namespace
}  // namespace mtmi::cli
