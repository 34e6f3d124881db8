// What helps where no layer of a DLA computes an operator. Private to dla/.
#pragma once

#include <string>
#include <string_view>

namespace mtmi::dla {

/// The rewrite or the change to the network that would help; where none is known, where to run it.
[[nodiscard]] std::string advice_for(std::string_view op);

}  // namespace mtmi::dla
