#include "mtmi/ops/broadcast.h"

#include <algorithm>

#include "mtmi/ops/checks.h"

namespace mtmi::ops {
namespace {

std::int64_t extent_from_end(const Shape& shape, int distance) {
  return distance < shape.rank() ? shape[shape.rank() - 1 - distance] : 1;
}

}  // namespace

Shape broadcast(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  std::vector<std::int64_t> extents(static_cast<std::size_t>(rank));
  for (int distance = 0; distance < rank; ++distance) {
    const std::int64_t of_a = extent_from_end(a, distance);
    const std::int64_t of_b = extent_from_end(b, distance);
    if (of_a != of_b && of_a != 1 && of_b != 1) {
      refuse("shapes " + to_string(a) + " and " + to_string(b), "shapes that broadcast");
    }
    extents[static_cast<std::size_t>(rank - 1 - distance)] = of_a == 1 ? of_b : of_a;
  }
  return Shape(std::move(extents));
}

}  // namespace mtmi::ops
