#include "mtmi/backends/common_host/pieces.h"

#include <algorithm>

namespace mtmi::host {

Pieces cut(std::int64_t count,
           std::int64_t work_each,
           std::int64_t work,
           std::int64_t at_least) noexcept {
  const std::int64_t by_work =
      std::max<std::int64_t>(1, work / std::max<std::int64_t>(work_each, 1));
  const std::int64_t by_number = std::max<std::int64_t>(1, count / at_least);
  return {.count = count, .piece = std::min(by_work, by_number)};
}

}  // namespace mtmi::host
