#include "mtmi/passes/factor_resizes.h"

#include <array>
#include <string_view>

#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/whole_resize.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "factor_resizes";

/// The largest factor of a DLA's nearest resize.
constexpr std::int64_t kMaxNearest = 32;

bool rewrite(Graph& graph, NodeId id) {
  const auto resize = whole_resize_at(graph, id);
  if (!resize) {
    return false;
  }
  Expansion expansion(graph, id, kName);
  if (has_taps_of(resize->geometry, nearest_rule())) {
    if (!chain_resizes(expansion, resize->factors, kMaxNearest, ops::ResizeMode::Nearest)) {
      expansion.finish("Resize",
                       resize_inputs(expansion, expansion.input(0), resize->factors),
                       resize_attributes(ops::ResizeMode::Nearest));
    }
    return true;
  }
  if (resize->geometry.rule.coordinates != ops::CoordinateMode::HalfPixel &&
      has_taps_of(resize->geometry, linear_rule())) {
    expansion.finish("Resize",
                     resize_inputs(expansion, expansion.input(0), resize->factors),
                     resize_attributes(ops::ResizeMode::Linear));
    return true;
  }
  return false;
}

}  // namespace

Graph factor_resizes(Graph graph) {
  static constexpr std::array<std::string_view, 1> kOps{"Resize"};
  return cure_refusals(std::move(graph), kOps, rewrite);
}

}  // namespace mtmi::passes
