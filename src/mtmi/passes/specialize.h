// Makes every shape of a graph known.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Shapes by the name of the input they are given to.
using InputShapes = std::map<std::string, Shape, std::less<>>;

/// `graph` for inputs of these shapes: every type inferred, and what depends on shapes folded on
/// the way (fold_constants.h).
///
/// Why: all that comes later (passes, cuts, engines) works on static shapes, and exporters compute
/// shapes by nodes that must be run before the types behind them are known.
///
/// Throws Error(InvalidArgument) if `shapes` names no input, contradicts a fixed extent, or leaves
/// a dynamic input open; and what ops::infer_types() throws.
[[nodiscard]] Graph specialize(Graph graph, const InputShapes& shapes = {});

/// The same for a graph that was read from `file`, which errors name.
[[nodiscard]] Graph specialize(Graph graph,
                               const InputShapes& shapes,
                               const std::filesystem::path& file);

}  // namespace mtmi::passes
