// Attributes of the text form. Private to graph/.
#pragma once

#include "mtmi/graph/attributes.h"
#include "mtmi/graph/text_cursor.h"

namespace mtmi::text {

/// What stands behind the '{' of a node, '}' included. Throws Error(InvalidModel) with line and
/// column for anything else.
[[nodiscard]] Attributes parse_attributes(Cursor& cursor);

}  // namespace mtmi::text
