// Enlarging a map by whole factors. Private to passes/.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/ops/resize.h"
#include "mtmi/passes/expansion.h"

namespace mtmi::passes {

/// How often height and width are repeated.
struct Factors {
  std::int64_t height = 1;
  std::int64_t width = 1;
};

/// A Resize that enlarges the last two axes of a map [n, c, h, w] by whole numbers.
struct WholeResize {
  ops::ResizeGeometry geometry;
  Factors factors;
};

/// `id` as that; nothing for other nodes.
[[nodiscard]] std::optional<WholeResize> whole_resize_at(const Graph& graph, NodeId id);

/// Whether every output of `geometry` has, along every axis, the taps that `rule` would give it.
[[nodiscard]] bool has_taps_of(const ops::ResizeGeometry& geometry, const ops::ResizeRule& rule);

/// Nearest with half_pixel, and linear with half_pixel: the rules that every device has.
[[nodiscard]] ops::ResizeRule nearest_rule();
[[nodiscard]] ops::ResizeRule linear_rule();

/// The inputs and attributes of a Resize of `value` by one of these rules, in canonical form.
[[nodiscard]] std::vector<ValueId> resize_inputs(Expansion& expansion,
                                                 ValueId value,
                                                 Factors factors);
[[nodiscard]] Attributes resize_attributes(ops::ResizeMode mode);

/// `number` as a product of factors of at most `limit`, large ones first; nothing where a prime is
/// larger. Of 1: none. Pre: number >= 1.
[[nodiscard]] std::optional<std::vector<std::int64_t>> factors_within(std::int64_t number,
                                                                      std::int64_t limit);

/// Lets the node under `expansion` be a chain of resizes by factors of at most `limit` along each
/// axis. False, changing nothing, where there is no such chain or one step is enough.
[[nodiscard]] bool chain_resizes(Expansion& expansion,
                                 Factors factors,
                                 std::int64_t limit,
                                 ops::ResizeMode mode);

}  // namespace mtmi::passes
