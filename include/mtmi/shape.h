// The extents of a dense tensor.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "mtmi/export.h"

namespace mtmi {

/// The extents of a tensor, outermost first; row-major. A scalar has rank 0 and one element.
///
/// A Shape that exists is sound: no extent is negative and the product of the extents (zeros left
/// out) fits into 62 bits, so sizes in bytes cannot overflow.
class MTMI_API Shape {
 public:
  Shape() = default;
  /// Throws Error(InvalidArgument) if an extent is negative or the product overflows.
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::vector<std::int64_t> extents);

  [[nodiscard]] int rank() const noexcept { return static_cast<int>(extents_.size()); }

  /// The extent of `axis`; -1 is the innermost. Throws Error(InvalidArgument) when out of range.
  [[nodiscard]] std::int64_t operator[](int axis) const;
  /// The product of the extents [elements, not bytes].
  [[nodiscard]] std::int64_t num_elements() const noexcept;

  [[nodiscard]] const std::vector<std::int64_t>& extents() const noexcept { return extents_; }

  [[nodiscard]] bool operator==(const Shape&) const = default;

 private:
  std::vector<std::int64_t> extents_;
};

/// "[1,3,224,224]"
[[nodiscard]] MTMI_API std::string to_string(const Shape& shape);

}  // namespace mtmi
