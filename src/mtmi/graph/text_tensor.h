// Types and constants of the text form. Private to graph/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/graph/text_cursor.h"

namespace mtmi::text {

// Each reads one thing off the cursor and throws Error(InvalidModel) with line and column where
// another stands there.

[[nodiscard]] DType parse_dtype_word(Cursor& cursor);

/// What stands behind the '[' of a shape, ']' included.
[[nodiscard]] std::vector<std::string> parse_dims(Cursor& cursor);

/// The shape of these extents; nothing where a dimension is a symbol.
[[nodiscard]] std::optional<Shape> static_shape(const Cursor& cursor,
                                                const std::vector<std::string>& dims);

[[nodiscard]] TensorType parse_type(Cursor& cursor);

/// A list of elements, splat(x) or random(...), as a tensor of that type.
[[nodiscard]] Tensor parse_elements(Cursor& cursor, const TensorType& type);

}  // namespace mtmi::text
