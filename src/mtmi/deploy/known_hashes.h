// Content hashes of the user's files, remembered from one deploy to the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace mtmi::deploy {

/// Why: a model of gigabytes and a thousand images need not be read to see that nothing changed. A
/// file counts as unchanged while its path, size, time of change and inode stay as they were; one
/// that was changed just now is not remembered, as a second change could have the same time.
///
/// Thread-compatible.
class KnownHashes {
 public:
  /// Reads what `file` remembers; nothing where it is missing or damaged.
  explicit KnownHashes(std::filesystem::path file);

  /// The hash of the content of `path`. Throws Error(Io).
  [[nodiscard]] std::string of(const std::filesystem::path& path);
  /// Forgets everything, so that all files are read.
  void forget();
  /// Writes the file for the next time, if it would change: the hashes that were asked for since
  /// the constructor. Throws Error(Io).
  void save() const;

 private:
  /// What stat() says of a file.
  struct Stamp {
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    std::uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };

  struct Known {
    Stamp stamp;
    std::string hash;
  };

  static Stamp stamp_of(const std::filesystem::path& path);

  std::filesystem::path file_;
  std::string text_;                     // as read
  std::map<std::string, Known> known_;   // by absolute path
  std::map<std::string, Known> in_use_;  // of this run, those to remember
};

}  // namespace mtmi::deploy
