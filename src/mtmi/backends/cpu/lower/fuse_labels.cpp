// ArgMax over the channels of an enlarged map: labels need no enlarged maps.
#include <vector>

#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/backends/cpu/lower/rewriter.h"

namespace mtmi::cpu {
namespace {

/// Whether output column factor * k + p mixes the pixels k + d and k + d + 1 with one weight for
/// all k, where pixels beyond the border repeat the last one: then the columns go by phases.
bool goes_by_phases(const Attributes& attributes, std::int64_t width, std::int64_t columns) {
  const auto indices = attributes.get_ints("column_indices");
  const Attribute* attribute = attributes.find("column_weights");
  const auto* weights = attribute == nullptr ? nullptr : std::get_if<std::vector<float>>(attribute);
  if (width < 2 || columns % width != 0 || weights == nullptr ||
      indices.size() != 2 * weights->size() ||
      weights->size() != static_cast<std::size_t>(columns)) {
    return false;
  }
  const std::int64_t factor = columns / width;
  const std::int64_t middle = width / 2;
  const auto clamped = [width](std::int64_t x) { return x < 0 ? 0 : x >= width ? width - 1 : x; };
  for (std::int64_t column = 0; column < columns; ++column) {
    const std::int64_t k = column / factor;
    const auto reference = static_cast<std::size_t>(middle * factor + column % factor);
    const std::int64_t offset = indices[2 * reference] - middle;
    const auto at = static_cast<std::size_t>(column);
    const std::int64_t low = clamped(k + offset);
    const std::int64_t high = clamped(k + offset + 1);
    // Where both pixels are one, any weight gives it.
    const bool alone = low == high && indices[2 * at] == low &&
                       (indices[2 * at + 1] == low || (*weights)[at] == 0.0F);
    const bool same = indices[2 * at] == low && indices[2 * at + 1] == high &&
                      (*weights)[at] == (*weights)[reference];
    if (offset < -1 || offset > 0 || !(alone || same)) {
      return false;
    }
  }
  return true;
}

}  // namespace

void fuse_labels(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (graph.node(id).op != "cpu.ArgMax") {
      continue;
    }
    const ValueId maps = graph.node(id).inputs[0];
    const auto resize = graph.producer(maps);
    if (!resize || graph.node(*resize).op != "cpu.Resize" || !graph.has_single_user(maps) ||
        graph.node(*resize).inputs[1] != kNoValue || graph.node(*resize).attributes.has("first")) {
      continue;
    }
    const ValueId source = graph.node(*resize).inputs[0];
    const Attributes attributes = graph.node(*resize).attributes;
    const Shape dst = *graph.value(maps).shape;
    if (!goes_by_phases(attributes, (*graph.value(source).shape)[2], dst[2])) {
      continue;
    }
    Rewriter r(graph, id);
    r.finish(r.emit(
        "cpu.ResizeLabels", {source}, {DType::Int64, Shape{dst[0], dst[1], dst[2]}}, attributes));
  }
  graph.remove_dead_nodes();
}

}  // namespace mtmi::cpu
