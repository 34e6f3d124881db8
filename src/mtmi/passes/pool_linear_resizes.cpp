#include "mtmi/passes/pool_linear_resizes.h"

#include <array>
#include <string_view>

#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/whole_resize.h"

namespace mtmi::passes {
namespace {

/// Of a DLA's linear resize, and of its pooling windows.
constexpr std::int64_t kMaxLinear = 4;
constexpr std::int64_t kMaxWindow = 8;

Attributes pooling(Factors window, std::vector<std::int64_t> pads) {
  Attributes attributes{{"kernel_shape", std::vector<std::int64_t>{window.height, window.width}}};
  if (!pads.empty()) {
    attributes.set("pads", std::move(pads));
  }
  return attributes;
}

std::int64_t second_window(std::int64_t factor) {
  return factor % 2 == 0 ? 2 : 1;
}

/// `id` as a linear Resize in canonical form, whose factors are not all within a DLA's limit.
std::optional<WholeResize> large_linear_resize(const Graph& graph, NodeId id) {
  auto resize = whole_resize_at(graph, id);
  const bool fits = resize &&
                    (resize->factors.height > kMaxLinear || resize->factors.width > kMaxLinear) &&
                    has_taps_of(resize->geometry, linear_rule());
  return fits ? resize : std::nullopt;
}

bool pool(Graph& graph, NodeId id) {
  const auto resize = large_linear_resize(graph, id);
  if (!resize || resize->factors.height > kMaxWindow || resize->factors.width > kMaxWindow) {
    return false;
  }
  const Factors factors = resize->factors;
  Expansion expansion(graph, id, "pool_linear_resizes");
  const ValueId repeated = expansion.add("Resize",
                                         resize_inputs(expansion, expansion.input(0), factors),
                                         resize_attributes(ops::ResizeMode::Nearest));
  const std::int64_t rows = factors.height / 2;
  const std::int64_t columns = factors.width / 2;
  const Attributes first = pooling(factors, {rows, columns, rows, columns});
  const Factors second{second_window(factors.height), second_window(factors.width)};
  if (second.height == 1 && second.width == 1) {
    expansion.finish("AveragePool", {repeated}, first);
  } else {
    const ValueId between = expansion.add("AveragePool", {repeated}, first);
    expansion.finish("AveragePool", {between}, pooling(second, {}));
  }
  return true;
}

bool chain(Graph& graph, NodeId id) {
  const auto resize = large_linear_resize(graph, id);
  if (!resize) {
    return false;
  }
  Expansion expansion(graph, id, "chain_linear_resizes");
  return chain_resizes(expansion, resize->factors, kMaxLinear, ops::ResizeMode::Linear);
}

constexpr std::array<std::string_view, 1> kOps{"Resize"};

}  // namespace

Graph pool_linear_resizes(Graph graph) {
  return cure_refusals(std::move(graph), kOps, pool);
}

Graph chain_linear_resizes(Graph graph) {
  return cure_refusals(std::move(graph), kOps, chain);
}

}  // namespace mtmi::passes
