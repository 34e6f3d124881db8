// One head with many choices of scales, over scenes in memory.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "mtmi/core/thread_pool.h"
#include "mtmi/device/registry.h"
#include "mtmi/eval/changed_part.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/eval/head_runner.h"
#include "mtmi/eval/heads.h"

namespace mtmi::eval {

/// INT8 is fake quantisation (kFakeQuant). What a choice has in common with another one,
/// the base, is computed once per scene and kept; each choice then runs from where it differs on.
/// Scenes are taken a few at a time, so that what is kept has a bound; one engine at a time.
/// Results do not depend on either.
class ScaleTrials {
 public:
  using Scales = std::map<std::string, float>;

  /// What a head is worth with the scales of a base, and with each choice.
  struct Records {
    VariantRecord base;
    std::vector<VariantRecord> choices;
  };

  /// What is kept of the scenes that are taken together [bytes].
  static constexpr std::size_t kMostKeptBytes = std::size_t{1} << 30;

  /// Everything must outlive the trials. Scales of `build` do not matter. At least one scene is
  /// kept, whatever `most_kept_bytes` says.
  ScaleTrials(const Heads& heads,
              std::size_t head,
              const HeadBuild& build,
              std::span<const PreparedScene> scenes,
              const bundle::ModelCard& card,
              std::size_t most_kept_bytes = kMostKeptBytes);

  /// How often run() tells that something is done.
  [[nodiscard]] std::size_t num_steps(std::size_t choices) const noexcept {
    return scenes_.size() * (choices + 1);
  }

  /// Calls `on_step` num_steps(choices.size()) times.
  /// Throws what compiling and running throw; Error(OutOfMemory); Error(Interrupted).
  [[nodiscard]] Records run(const Scales& base,
                            std::span<const Scales> choices,
                            FunctionRef<void()> on_step) const;

 private:
  /// The head and its tail with pairs, in the form that suits the CPU.
  [[nodiscard]] Graph fake_quantized(const Scales& scales) const;
  [[nodiscard]] HeadRunner make_runner(const Graph& graph, const Scales& scales) const;
  [[nodiscard]] std::set<std::string> inputs_that_differ(const Scales& a, const Scales& b) const;
  [[nodiscard]] std::size_t scenes_at_a_time(const Graph& base,
                                             const std::set<std::string>& kept) const;

  const Registry& registry_;
  const Head& head_;
  const HeadBuild& build_;
  std::span<const PreparedScene> scenes_;
  const bundle::ModelCard& card_;
  std::size_t most_kept_bytes_;
};

}  // namespace mtmi::eval
