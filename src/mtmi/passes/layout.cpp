#include "mtmi/passes/layout.h"

#include <algorithm>

#include "mtmi/core/assert.h"

namespace mtmi::passes {
namespace {

std::vector<std::int64_t> without_ones(std::vector<std::int64_t> extents) {
  std::erase(extents, 1);
  return extents;
}

bool is_better(const Layout::Steps& a, const Layout::Steps& b) {
  if (a.count() != b.count()) {
    return a.count() < b.count();
  }
  if (a.permutation.size() != b.permutation.size()) {
    return a.permutation.size() > b.permutation.size();
  }
  return !a.split && b.split;
}

}  // namespace

Layout::Layout(const Shape& source) : source_(source), axes_(axes_of(source)) {
  MTMI_ASSERT(source.num_elements() > 0);
}

Layout::Axes Layout::axes_of(const Shape& shape) {
  Axes axes(shape.extents().size());
  std::int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (shape[axis] > 1) {
      axes[static_cast<std::size_t>(axis)] = {{.stride = stride, .extent = shape[axis]}};
    }
    stride *= shape[axis];
  }
  return axes;
}

/// All factors in the order of the result, neighbours that are neighbours in the source merged.
std::vector<Layout::Factor> Layout::coalesced(const Axes& axes) {
  std::vector<Factor> factors;
  for (const auto& axis : axes) {
    for (const Factor& factor : axis) {
      if (!factors.empty() && factors.back().stride == factor.stride * factor.extent) {
        factors.back() = {factor.stride, factors.back().extent * factor.extent};
      } else {
        factors.push_back(factor);
      }
    }
  }
  return factors;
}

/// Cuts `factors` so that they fill the axes of `shape` one after the other; nothing where an axis
/// would have to end within a factor that its extent does not divide.
std::optional<Layout::Axes> Layout::distributed(std::vector<Factor> factors, const Shape& shape) {
  Axes axes(shape.extents().size());
  std::size_t next = 0;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    std::int64_t wanted = shape.extents()[axis];
    while (wanted > 1) {
      MTMI_ASSERT(next < factors.size());
      Factor& factor = factors[next];
      if (wanted % factor.extent == 0) {
        axes[axis].push_back(factor);
        wanted /= factor.extent;
        ++next;
      } else if (factor.extent % wanted == 0) {
        const std::int64_t inner = factor.extent / wanted;
        axes[axis].push_back({factor.stride * inner, wanted});
        factor.extent = inner;
        wanted = 1;
      } else {
        return std::nullopt;
      }
    }
  }
  return axes;
}

bool Layout::reshape(const Shape& shape) {
  std::optional<Axes> axes = distributed(coalesced(axes_), shape);
  if (axes) {
    axes_ = std::move(*axes);
  }
  return axes.has_value();
}

void Layout::transpose(std::span<const int> permutation) {
  MTMI_ASSERT(permutation.size() == axes_.size());
  Axes axes;
  for (const int axis : permutation) {
    axes.push_back(axes_[static_cast<std::size_t>(axis)]);
  }
  axes_ = std::move(axes);
}

Shape Layout::shape() const {
  std::vector<std::int64_t> extents;
  for (const auto& axis : axes_) {
    std::int64_t extent = 1;
    for (const Factor& factor : axis) {
      extent *= factor.extent;
    }
    extents.push_back(extent);
  }
  return Shape(std::move(extents));
}

/// The axes of the source in the order of the result; nothing where a factor ends within one.
std::optional<std::vector<Layout::Factor>> Layout::grains_of_source(
    const std::vector<Factor>& factors) const {
  const auto factor_of = [&factors](const Factor& grain) {
    return std::find_if(factors.begin(), factors.end(), [&grain](const Factor& factor) {
      return grain.stride >= factor.stride &&
             grain.stride * grain.extent <= factor.stride * factor.extent;
    });
  };
  std::vector<Factor> grains;
  for (const auto& axis : axes_of(source_)) {
    for (const Factor& grain : axis) {
      if (factor_of(grain) == factors.end()) {
        return std::nullopt;
      }
      grains.push_back(grain);
    }
  }
  std::stable_sort(grains.begin(), grains.end(), [&](const Factor& a, const Factor& b) {
    return factor_of(a) < factor_of(b);
  });
  return grains;
}

/// The axes of the result; nothing where one consists of several factors.
std::optional<std::vector<Layout::Factor>> Layout::grains_of_result() const {
  std::vector<Factor> grains;
  for (const auto& axis : axes_) {
    if (axis.size() > 1) {
      return std::nullopt;
    }
    grains.insert(grains.end(), axis.begin(), axis.end());
  }
  return grains;
}

/// The chain that transposes `grains`, given in the order of the result. The axes of extent 1 of
/// the tensor that is transposed are those of the end that is left as it is; they stand in front
/// where there is a choice.
Layout::Steps Layout::steps_over(const std::vector<Factor>& grains) const {
  std::vector<Factor> in_source = grains;
  std::sort(in_source.begin(), in_source.end(), [](const Factor& a, const Factor& b) {
    return a.stride > b.stride;
  });
  const auto extents_of = [](const std::vector<Factor>& factors) {
    std::vector<std::int64_t> extents;
    for (const Factor& factor : factors) {
      extents.push_back(factor.extent);
    }
    return extents;
  };
  const Shape target = shape();
  const bool keeps_source = without_ones(source_.extents()) == extents_of(in_source);
  const bool keeps_target = without_ones(target.extents()) == extents_of(grains);

  std::vector<std::int64_t> transposed = extents_of(in_source);
  if (keeps_source) {
    transposed = source_.extents();
  } else if (keeps_target) {
    transposed.insert(transposed.begin(), target.extents().size() - grains.size(), 1);
  }
  std::vector<int> ones;
  std::vector<int> others;
  for (std::size_t i = 0; i < transposed.size(); ++i) {
    (transposed[i] == 1 ? ones : others).push_back(static_cast<int>(i));
  }
  const auto axis_of = [&](const Factor& grain) {
    const auto it = std::find(in_source.begin(), in_source.end(), grain);
    return others[static_cast<std::size_t>(it - in_source.begin())];
  };

  Steps steps;
  if (!keeps_source) {
    steps.split = Shape(transposed);
  }
  if (keeps_target && transposed.size() == target.extents().size()) {
    std::size_t next_one = 0;
    std::size_t next_grain = 0;
    for (const std::int64_t extent : target.extents()) {
      steps.permutation.push_back(extent == 1 ? ones[next_one++] : axis_of(grains[next_grain++]));
    }
  } else {
    steps.permutation = ones;
    for (const Factor& grain : grains) {
      steps.permutation.push_back(axis_of(grain));
    }
    steps.merge = target;
  }
  return steps;
}

Layout::Steps Layout::steps() const {
  const std::vector<Factor> factors = coalesced(axes_);
  const Shape target = shape();
  if (factors.size() <= 1) {
    return {.split = std::nullopt,
            .permutation = {},
            .merge = target == source_ ? std::nullopt : std::optional(target)};
  }
  Steps best = steps_over(factors);
  for (const auto& grains : {grains_of_source(factors), grains_of_result()}) {
    if (grains) {
      const Steps steps = steps_over(*grains);
      best = is_better(steps, best) ? steps : best;
    }
  }
  return best;
}

}  // namespace mtmi::passes
