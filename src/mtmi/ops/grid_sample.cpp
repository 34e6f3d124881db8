// GridSample: reading an image at the coordinates that another tensor gives.
#include <array>
#include <string>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_grid_sample(const InferContext& context) {
  const TensorType& x = context.input(0);
  const Shape& grid = context.input(1).shape;
  const Attributes& attributes = context.attributes();
  require_floating_point(context.input(1).dtype);
  const std::string mode = attributes.get_string("mode", "linear");
  require_choice("mode", mode, {"linear", "nearest", "cubic"});
  require_choice("padding_mode",
                 attributes.get_string("padding_mode", "zeros"),
                 {"zeros", "border", "reflection"});
  if (mode != "nearest") {
    require_numeric(x.dtype);
  }
  require_rank(x.shape, 3, 5, "a source");
  require_rank(grid, x.shape.rank(), x.shape.rank(), "a grid");
  if (grid[0] != x.shape[0] || grid[-1] != x.shape.rank() - 2) {
    refuse("a grid of shape " + to_string(grid),
           "[" + std::to_string(x.shape[0]) + ",...," + std::to_string(x.shape.rank() - 2) + "]");
  }
  std::vector<std::int64_t> extents{x.shape[0], x.shape[1]};
  for (int axis = 2; axis < x.shape.rank(); ++axis) {
    extents.push_back(grid[axis - 1]);
    if (x.shape[axis] == 0) {
      refuse("a source of shape " + to_string(x.shape), "spatial extents of 1 or more");
    }
  }
  return {{x.dtype, checked_shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"GridSample", {2, 2}, {1, 1}, infer_grid_sample},
};

}  // namespace

std::span<const Operator> grid_sample_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
