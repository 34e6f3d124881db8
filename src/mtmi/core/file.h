// Files: mapped to read, written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mtmi {

/// A whole file in memory, read-only. The mapping lives as long as any copy of owner().
class MappedFile {
 public:
  /// Throws Error(Io) if the file cannot be opened or is no regular file.
  explicit MappedFile(const std::filesystem::path& path);

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  [[nodiscard]] std::shared_ptr<const void> owner() const noexcept { return owner_; }

 private:
  std::shared_ptr<const void> owner_;  // shared with the tensors that view the file
  std::span<const std::byte> bytes_;
};

/// A file that appears under its name only when commit() has been called: it is written beside it,
/// synchronised, then renamed. Destroyed without commit(), it leaves nothing behind.
class AtomicFile {
 public:
  /// Creates the folders above `path`. Throws Error(Io).
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Throws Error(Io), e.g. on a full disk.
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);

  /// For libraries that want to write by file name; not to be mixed with write().
  [[nodiscard]] const std::filesystem::path& temporary_path() const noexcept { return temporary_; }

  /// Throws Error(Io); the temporary file is gone then, too.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// The name of the file that an AtomicFile was writing when its process was killed, if `file_name`
/// is what that left in the folder: ".x.onnx.4711.0.tmp" is what is left of "x.onnx".
[[nodiscard]] std::optional<std::string> name_of_unfinished(std::string_view file_name);

/// AtomicFile in one call. Throws Error(Io).
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Creates `path` and the folders above it; one that exists is fine. Throws Error(Io), naming the
/// part that is in the way.
void create_folder(const std::filesystem::path& path);

/// `name` with every character but A-Z a-z 0-9 . _ - replaced by '_', never empty, never "." or
/// "..", and at most 128 characters long: a longer one ends in a hash of `name`.
[[nodiscard]] std::string file_name_of(std::string_view name);

}  // namespace mtmi
