// Runs the program `mtmi` as a user would and keeps what it prints.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::cli {

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal if one ended it
  std::string out;
  std::string err;
};

/// A test with an empty folder of its own, which is the program's working directory.
class ProgramTest : public testing::Test {
 protected:
  ProgramTest();
  ~ProgramTest() override;

  /// `mtmi ARGUMENTS...` with nothing on standard input.
  [[nodiscard]] ProgramResult run(const std::vector<std::string>& arguments) const;
  /// The same with stdout sent to `path`, e.g. /dev/full.
  [[nodiscard]] ProgramResult run_into(const std::string& path,
                                       const std::vector<std::string>& arguments) const;
  /// The same where no file may grow over `limit_bytes`, as on a full disk.
  [[nodiscard]] ProgramResult run_with_file_limit(std::size_t limit_bytes,
                                                  const std::vector<std::string>& arguments) const;

  /// Writes `graph_text` (graph/text.h) as an ONNX file.
  void write_model(const std::string& file, const char* graph_text) const;
  void write_text(const std::string& file, const std::string& text) const;
  [[nodiscard]] std::string read_text(const std::string& file) const;

  /// Paths below the folder, files and folders, sorted; what a failed verb must not add to.
  [[nodiscard]] std::vector<std::string> entries() const;

  [[nodiscard]] std::filesystem::path folder() const { return folder_; }

 private:
  struct Limits {
    std::string stdout_path;
    std::size_t file_bytes = 0;
  };

  [[nodiscard]] ProgramResult spawn(const std::vector<std::string>& arguments,
                                    const Limits& limits) const;

  std::filesystem::path folder_;
};

}  // namespace mtmi::cli
