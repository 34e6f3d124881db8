// Large pieces of memory straight from the system.
#pragma once

#include <cstddef>
#include <string>

namespace mtmi {

/// Zeroed memory that the system provides page by page when it is first touched, in large pages
/// where it can: making one costs next to nothing, whatever its size. Move-only.
class Arena {
 public:
  Arena() = default;
  /// `what` names it in errors: "the working memory of 'net'".
  /// Throws Error(OutOfMemory) if the memory limit or the system does not allow it.
  Arena(std::size_t size_bytes, const std::string& what);
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  /// Aligned to at least 4096 bytes; nullptr for an empty one.
  [[nodiscard]] std::byte* data() const noexcept { return data_; }

  [[nodiscard]] std::size_t size_bytes() const noexcept { return size_bytes_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_bytes_ = 0;
  void* mapping_ = nullptr;
  std::size_t mapping_bytes_ = 0;
};

}  // namespace mtmi
