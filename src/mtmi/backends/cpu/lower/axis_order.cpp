#include "mtmi/backends/cpu/lower/axis_order.h"

#include <algorithm>
#include <numeric>

namespace mtmi::cpu {

AxisOrder::AxisOrder(const Shape& source) {
  std::int64_t stride = source.num_elements();
  for (const std::int64_t extent : source.extents()) {
    stride /= extent;
    axes_.push_back({});
    if (extent > 1) {
      axes_.back().push_back({stride, extent});
    }
  }
}

/// All factors in the order of the result; neighbours that are neighbours in the source as one.
std::vector<AxisOrder::Factor> AxisOrder::merged() const {
  std::vector<Factor> factors;
  for (const auto& axis : axes_) {
    for (const Factor& f : axis) {
      if (!factors.empty() && factors.back().stride == f.stride * f.extent) {
        factors.back() = {f.stride, factors.back().extent * f.extent};
      } else {
        factors.push_back(f);
      }
    }
  }
  return factors;
}

bool AxisOrder::view(const Shape& shape) {
  std::vector<Factor> factors = merged();
  std::reverse(factors.begin(), factors.end());  // the next one to use is the last
  std::vector<std::vector<Factor>> axes;
  for (std::int64_t wanted : shape.extents()) {
    axes.emplace_back();
    while (wanted > 1) {
      Factor& f = factors.back();
      if (wanted % f.extent == 0) {
        axes.back().push_back(f);
        wanted /= f.extent;
        factors.pop_back();
      } else if (f.extent % wanted == 0) {
        f.extent /= wanted;
        axes.back().push_back({f.stride * f.extent, wanted});
        wanted = 1;
      } else {
        return false;
      }
    }
  }
  axes_ = std::move(axes);
  return true;
}

void AxisOrder::transpose(const std::vector<std::int64_t>& perm) {
  std::vector<std::vector<Factor>> axes;
  for (const std::int64_t axis : perm) {
    axes.push_back(axes_[static_cast<std::size_t>(axis)]);
  }
  axes_ = std::move(axes);
}

AxisOrder::Steps AxisOrder::steps() const {
  const std::vector<Factor> factors = merged();
  std::vector<std::int64_t> by_stride(factors.size());  // source axis -> factor
  std::iota(by_stride.begin(), by_stride.end(), 0);
  std::sort(by_stride.begin(), by_stride.end(), [&](std::int64_t a, std::int64_t b) {
    return factors[static_cast<std::size_t>(a)].stride >
           factors[static_cast<std::size_t>(b)].stride;
  });
  Steps steps;
  std::vector<std::int64_t> split;
  steps.perm.resize(factors.size());
  for (std::size_t axis = 0; axis < by_stride.size(); ++axis) {
    const auto factor = static_cast<std::size_t>(by_stride[axis]);
    split.push_back(factors[factor].extent);
    steps.perm[factor] = static_cast<std::int64_t>(axis);
  }
  steps.split = Shape(std::move(split));
  if (factors.size() <= 1) {
    steps.perm.clear();
  }
  return steps;
}

}  // namespace mtmi::cpu
