// The graph as text: printed for people and for golden tests, and parsed back.
//
//   graph "name" {
//     input %x: f32[1,3,8,8]
//     const %w: f32[2,3,1,1] = random(7)
//     %y: f32[1,2,8,8] = Conv(%x, %w, _) {pads = [0, 0, 0, 0], auto_pad = "NOTSET"} "node name"
//     output %y
//   }
//
// One statement a line (for people: the parser takes any white space). `#` starts a comment.
//   names      %letters, digits, '_', '.', '/' and '-' as they are; others quoted: %"a b"
//   types      optional at results; a dynamic input: f32[batch,3,?,?], of unknown rank: f32[*]
//   constants  [1, 2.5, inf], splat(0.5), random(seed) or random(seed, low, high) as in
//              core/random_tensor.h. A NaN that is not the usual one: its bits, 0x7f800001.
//   attributes 1, 1.0 (a float has '.', 'e', inf or nan), "text", [1, 2], [1.0], ["a"], and
//              ints [], floats [], strings [], tensor f32[2] [1, 2]
//   left out   _ as an input or a result
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mtmi/graph/graph.h"

namespace mtmi {

/// What to_text() prints.
struct TextOptions {
  /// Constants of more elements print as `...`, which cannot be parsed; -1: all in full.
  std::int64_t max_constant_elements = 16;
  bool types = true;       ///< of results
  bool node_names = true;  ///< behind the attributes
};

/// `graph` as text. With max_constant_elements -1, parse_text() gives the same graph again (values
/// and nodes numbered anew, constants without users left out, floats to the bit).
[[nodiscard]] std::string to_text(const Graph& graph, const TextOptions& options = {});

/// One node as to_text() prints it, without indentation or line end.
[[nodiscard]] std::string to_text(const Graph& graph, NodeId id, const TextOptions& options = {});

/// Attributes as to_text() prints them in full, braces included; "" where there are none. Equal
/// attributes give equal text, different ones different text.
[[nodiscard]] std::string to_text(const Attributes& attributes);

/// The graph of a text; nodes may stand in any order. The types of results are taken as written,
/// not inferred.
///
/// Throws Error(InvalidModel) "line 3, column 7: got 'x', expected ':'", and Error(OutOfMemory)
/// where a constant is over the memory limit.
[[nodiscard]] Graph parse_text(std::string_view text);

}  // namespace mtmi
