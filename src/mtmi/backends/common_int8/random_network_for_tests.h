// Small random networks in INT8: several layers behind one another.
#pragma once

#include <string>

#include "mtmi/backends/common_int8/graph_writer_for_tests.h"

namespace mtmi::int8 {

/// Seven layers, each of what was made before; every tensor has a scale. The name of the last one.
[[nodiscard]] std::string write_network(GraphWriter& writer);

}  // namespace mtmi::int8
