// The files beside a model that hold its large tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mtmi/core/file.h"

namespace mtmi::onnx {

/// Maps the external data files of one model, each once. A model is not trusted to name files
/// elsewhere: every location must lie inside the model's folder, without "..", and no part of it
/// may be a symbolic link.
class ExternalFiles {
 public:
  struct View {
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;  ///< keeps the mapping alive
  };

  /// Nothing: the model has no folder (it came from memory), so every location is refused.
  explicit ExternalFiles(std::optional<std::filesystem::path> folder)
      : folder_(std::move(folder)) {}

  /// `length` bytes at `offset` of the file `location`; to its end without a length.
  /// Throws Error(InvalidModel) if the location is not allowed or the range is not inside the file,
  /// Error(Io) if the file cannot be read.
  [[nodiscard]] View view(const std::string& location,
                          std::uint64_t offset,
                          std::optional<std::uint64_t> length);

  /// Of the files viewed so far, sorted.
  [[nodiscard]] std::vector<std::string> locations() const;

 private:
  [[nodiscard]] const MappedFile& open(const std::string& location);

  std::optional<std::filesystem::path> folder_;
  std::map<std::string, MappedFile> files_;
};

}  // namespace mtmi::onnx
