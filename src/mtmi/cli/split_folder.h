// What `mtmi split` has written, read back.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mtmi::cli {

/// The parts of a network by their files.
struct SplitFolder {
  std::filesystem::path encoder;
  std::map<std::string, std::filesystem::path> heads;  ///< by name
  /// What heads read: outputs of the encoder, and its input where a head reads that as well.
  std::vector<std::string> features;
};

/// Reads `folder`/split.json. Throws Error(Io), and Error(InvalidModel) where it is damaged.
[[nodiscard]] SplitFolder read_split_folder(const std::filesystem::path& folder);

/// The file of that head. Throws Error(InvalidArgument) naming the heads that there are.
[[nodiscard]] const std::filesystem::path& find_head(const SplitFolder& split,
                                                     const std::string& name);

}  // namespace mtmi::cli
