// The user's limits on what INT8 may change.
#pragma once

#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/plan/target.h"

namespace mtmi::deploy {

/// What is beyond `limits`, one sentence each. Empty: nothing is.
[[nodiscard]] std::vector<std::string> beyond_limits(const bundle::Verified& verified,
                                                     const AgreementLimits& limits);

}  // namespace mtmi::deploy
