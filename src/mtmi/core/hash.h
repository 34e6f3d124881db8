// Content hashes: what artefacts are named by.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mtmi {

/// A running XXH3-128 of everything it was fed. Not a defence against forgery.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  /// Bytes as they are: the caller sees to it that fields cannot run into each other.
  void update(std::span<const std::byte> bytes) noexcept;
  /// The length of `text`, then its characters.
  void update(std::string_view text) noexcept;
  /// 32 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex_digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The digest of `bytes` alone.
[[nodiscard]] std::string hash_hex(std::span<const std::byte> bytes);

}  // namespace mtmi
