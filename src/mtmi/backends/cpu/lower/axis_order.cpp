#include "mtmi/backends/cpu/lower/axis_order.h"

#include <algorithm>
#include <numeric>

namespace mtmi::cpu {

AxisOrder::AxisOrder(const Shape& source) {
  std::int64_t stride = source.num_elements();
  for (const std::int64_t extent : source.extents()) {
    stride /= extent;
    axes_.emplace_back();
    if (extent > 1) {
      axes_.back().push_back({stride, extent});
    }
  }
}

void AxisOrder::append(std::vector<Factor>& factors, Factor factor) {
  if (!factors.empty() && factors.back().stride == factor.stride * factor.extent) {
    factors.back() = {factor.stride, factors.back().extent * factor.extent};
  } else {
    factors.push_back(factor);
  }
}

/// All factors in the order of the result; neighbours that are neighbours in the source as one.
std::vector<AxisOrder::Factor> AxisOrder::merged() const {
  std::vector<Factor> factors;
  for (const auto& axis : axes_) {
    for (const Factor& factor : axis) {
      append(factors, factor);
    }
  }
  return factors;
}

/// One factor per axis of the result, extents of 1 included; empty where an axis has several.
std::vector<AxisOrder::Factor> AxisOrder::result_axes() const {
  std::vector<Factor> all;
  for (const auto& axis : axes_) {
    std::vector<Factor> own;
    for (const Factor& factor : axis) {
      append(own, factor);
    }
    if (own.size() > 1) {
      return {};
    }
    // An axis of extent 1 may stand anywhere: in front.
    constexpr std::int64_t kOutermost = std::int64_t{1} << 62;
    all.push_back(own.empty() ? Factor{kOutermost, 1} : own[0]);
  }
  return all;
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
  if (merged().size() <= 1) {
    return {};
  }
  std::vector<Factor> factors = result_axes();
  if (factors.empty()) {
    factors = merged();
  }
  std::vector<std::size_t> by_stride(factors.size());  // axis of the split source -> factor
  std::iota(by_stride.begin(), by_stride.end(), std::size_t{0});
  std::stable_sort(by_stride.begin(), by_stride.end(), [&](std::size_t a, std::size_t b) {
    return factors[a].stride > factors[b].stride;
  });
  Steps steps;
  std::vector<std::int64_t> split;
  steps.perm.resize(factors.size());
  for (std::size_t axis = 0; axis < by_stride.size(); ++axis) {
    split.push_back(factors[by_stride[axis]].extent);
    steps.perm[by_stride[axis]] = static_cast<std::int64_t>(axis);
  }
  steps.split = Shape(std::move(split));
  return steps;
}

}  // namespace mtmi::cpu
