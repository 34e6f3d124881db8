// The user's limits on what INT8 may change.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/plan/target.h"

namespace mtmi::deploy {

/// What is beyond `limits`, one sentence each. Empty: nothing is.
[[nodiscard]] std::vector<std::string> beyond_limits(const bundle::Verified& verified,
                                                     const AgreementLimits& limits);

/// What a head gives, as far as limits are about it.
struct LimitedHead {
  std::string name;
  bool is_narrow = false;   ///< it, or the encoder, runs in INT8 or bfloat16
  bool has_labels = false;  ///< an output of integers
  bool has_depth = false;   ///< an output that the model card calls depth
};

/// A limit of `target` that would judge nothing, in one sentence; empty: there is none. Those of
/// one head must fit that head, those for all heads at least one.
[[nodiscard]] std::string find_idle_limit(const Target& target, std::span<const LimitedHead> heads);

/// Whether `target` sets any limit.
[[nodiscard]] bool has_limits(const Target& target);

}  // namespace mtmi::deploy
