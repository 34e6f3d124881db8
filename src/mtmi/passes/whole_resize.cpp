#include "mtmi/passes/whole_resize.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "mtmi/passes/match.h"
#include "mtmi/passes/node_context.h"

namespace mtmi::passes {
namespace {

/// A device that wants resizes written out has no longer axes.
constexpr std::int64_t kMaxExtent = 8192;

/// The factor of a whole enlargement; 0 for anything else.
std::int64_t whole_factor(const ops::ResizeAxis& axis) {
  const bool is_whole = axis.in > 0 && axis.out <= kMaxExtent && axis.out % axis.in == 0 &&
                        axis.scale * static_cast<double>(axis.in) == static_cast<double>(axis.out);
  return is_whole ? axis.out / axis.in : 0;
}

/// The weight of each index.
std::map<std::int64_t, double> weights_of(const ops::ResizeTaps& taps) {
  std::map<std::int64_t, double> weights;
  for (std::size_t i = 0; i < taps.indices.size(); ++i) {
    if (taps.weights[i] != 0.0) {
      weights[taps.indices[i]] += taps.weights[i];
    }
  }
  return weights;
}

/// Coordinates are computed in different ways, which leaves the last bits of a weight open.
constexpr double kWeightTolerance = 1e-9;

bool same_taps(const ops::ResizeTaps& a, const ops::ResizeTaps& b) {
  if (a.offset != b.offset) {
    return false;
  }
  const auto one = weights_of(a);
  const auto other = weights_of(b);
  return one.size() == other.size() &&
         std::equal(one.begin(), one.end(), other.begin(), [](const auto& x, const auto& y) {
           return x.first == y.first && std::abs(x.second - y.second) < kWeightTolerance;
         });
}

}  // namespace

std::optional<WholeResize> whole_resize_at(const Graph& graph, NodeId id) {
  if (graph.node(id).op != "Resize") {
    return std::nullopt;
  }
  const NodeContext context(graph, id);
  WholeResize resize{.geometry = ops::resize_geometry(context.get()), .factors = {}};
  const auto& axes = resize.geometry.axes;
  if (axes.size() != 4 || axes[0].out != axes[0].in || axes[1].out != axes[1].in) {
    return std::nullopt;
  }
  resize.factors = {whole_factor(axes[2]), whole_factor(axes[3])};
  return resize.factors.height > 0 && resize.factors.width > 0 ? std::optional(resize)
                                                               : std::nullopt;
}

bool has_taps_of(const ops::ResizeGeometry& geometry, const ops::ResizeRule& rule) {
  return std::all_of(geometry.axes.begin(), geometry.axes.end(), [&](const auto& axis) {
    for (std::int64_t o = 0; o < axis.out; ++o) {
      if (!same_taps(ops::resize_taps(geometry.rule, axis, o), ops::resize_taps(rule, axis, o))) {
        return false;
      }
    }
    return true;
  });
}

ops::ResizeRule nearest_rule() {
  return {};
}

ops::ResizeRule linear_rule() {
  return {.mode = ops::ResizeMode::Linear};
}

std::vector<ValueId> resize_inputs(Expansion& expansion, ValueId value, Factors factors) {
  const auto scales = {
      1.0F, 1.0F, static_cast<float>(factors.height), static_cast<float>(factors.width)};
  return {value, kNoValue, expansion.constant(Tensor::from<float>(Shape{4}, scales))};
}

Attributes resize_attributes(ops::ResizeMode mode) {
  return mode == ops::ResizeMode::Linear ? Attributes{{"mode", std::string("linear")}}
                                         : Attributes{};
}

std::optional<std::vector<std::int64_t>> factors_within(std::int64_t number, std::int64_t limit) {
  std::vector<std::int64_t> factors;
  while (number > 1) {
    std::int64_t factor = std::min(number, limit);
    while (factor > 1 && number % factor != 0) {
      --factor;
    }
    if (factor <= 1) {
      return std::nullopt;
    }
    factors.push_back(factor);
    number /= factor;
  }
  return factors;
}

bool chain_resizes(Expansion& expansion,
                   Factors factors,
                   std::int64_t limit,
                   ops::ResizeMode mode) {
  auto rows = factors_within(factors.height, limit);
  auto columns = factors_within(factors.width, limit);
  const std::size_t steps = rows && columns ? std::max(rows->size(), columns->size()) : 0;
  if (steps < 2) {
    return false;
  }
  rows->resize(steps, 1);
  columns->resize(steps, 1);
  ValueId value = expansion.input(0);
  for (std::size_t i = 0; i + 1 < steps; ++i) {
    value = expansion.add("Resize",
                          resize_inputs(expansion, value, {(*rows)[i], (*columns)[i]}),
                          resize_attributes(mode));
  }
  expansion.finish("Resize",
                   resize_inputs(expansion, value, {rows->back(), columns->back()}),
                   resize_attributes(mode));
  return true;
}

}  // namespace mtmi::passes
