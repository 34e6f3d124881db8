#include "mtmi/shape.h"

#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "mtmi/error.h"

namespace mtmi {
namespace {

// Elements have at most 8 bytes, so that sizes in bytes fit into a signed 64-bit number, too.
constexpr std::int64_t kMaxElements = std::numeric_limits<std::int64_t>::max() / 8;

void check(const std::vector<std::int64_t>& extents) {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents) {
    if (extent < 0) {
      throw Error(ErrorCode::InvalidArgument,
                  "Shape",
                  "negative extent: got " + std::to_string(extent) + ", expected >= 0");
    }
    if (extent > 0 && product > kMaxElements / extent) {
      throw Error(ErrorCode::InvalidArgument,
                  "Shape",
                  "shape too large: the product of its extents is 2^60 elements or more");
    }
    product *= extent > 0 ? extent : 1;
  }
}

}  // namespace

Shape::Shape(std::initializer_list<std::int64_t> extents)
    : Shape(std::vector<std::int64_t>(extents)) {}

Shape::Shape(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {
  check(extents_);
}

std::int64_t Shape::operator[](int axis) const {
  const int wrapped = axis < 0 ? axis + rank() : axis;
  if (wrapped < 0 || wrapped >= rank()) {
    throw Error(ErrorCode::InvalidArgument,
                "Shape",
                "axis out of range: got " + std::to_string(axis) + " for " + to_string(*this));
  }
  return extents_[static_cast<std::size_t>(wrapped)];
}

std::int64_t Shape::num_elements() const noexcept {
  return std::accumulate(extents_.begin(), extents_.end(), std::int64_t{1}, std::multiplies<>());
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (int axis = 0; axis < shape.rank(); ++axis) {
    text += (axis == 0 ? "" : ",") + std::to_string(shape[axis]);
  }
  return text + "]";
}

}  // namespace mtmi
