// Cutting a step's work: by extents alone, so that no result depends on the number of threads.
#pragma once

#include <cstdint>

namespace mtmi::host {

/// `count` things in pieces of `piece`: how many pieces, and where one begins and ends.
struct Pieces {
  std::int64_t count = 0;
  std::int64_t piece = 1;

  [[nodiscard]] std::int64_t number() const noexcept { return (count + piece - 1) / piece; }

  [[nodiscard]] std::int64_t begin(std::int64_t i) const noexcept { return i * piece; }

  [[nodiscard]] std::int64_t end(std::int64_t i) const noexcept {
    return (i + 1) * piece < count ? (i + 1) * piece : count;
  }
};

/// Pieces of about `work` units of work each, where one thing is `work_each`; at least `at_least`
/// pieces if there are so many things.
[[nodiscard]] Pieces cut(std::int64_t count,
                         std::int64_t work_each,
                         std::int64_t work,
                         std::int64_t at_least = 8) noexcept;

}  // namespace mtmi::host
