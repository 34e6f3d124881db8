// The last step: the built parts against the network as it came.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/deploy/build.h"
#include "mtmi/deploy/known_hashes.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/samples.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/registry.h"

namespace mtmi::deploy {

/// What float32 parts may differ from the network by, of an output's range [1].
inline constexpr double kTolerance = 1e-3;

/// A part that is built.
struct BuiltPart {
  Part part;
  Built built;
};

/// How one output agrees, and whether that is within what is allowed.
struct Checked {
  bundle::Verified verified;
  bool within_tolerance = true;
  std::string found;  ///< "largest difference 3.1e-06 of a range of 2.4 (1.3e-06)"
};

/// Runs parts on samples and compares what they give with what the network gives. What the network
/// and the encoder give is computed once for all heads, when the first head needs it.
/// Thread-compatible.
class Verifier {
 public:
  Verifier(StepStore& store, Source& source, Samples& samples, const Registry& registry);

  /// The outputs `results` of the network as `chain` makes them: encoder, or encoder, head and
  /// tail. `sample_hashes` as Samples::hashes().
  [[nodiscard]] std::vector<Checked> verify(const std::vector<const BuiltPart*>& chain,
                                            const std::vector<std::string>& results,
                                            const std::vector<std::string>& sample_hashes);

  /// How long the parts took, by name; parts that were not run are missing. The shortest of all
  /// samples [ms].
  [[nodiscard]] const std::map<std::string, double>& measured_ms() const noexcept {
    return measured_ms_;
  }

 private:
  /// What the network gives for each sample.
  const std::vector<TensorMap>& expected();
  /// What the encoder hands over for each sample, in its own formats.
  const std::vector<TensorMap>& handed_over(const BuiltPart& encoder);
  /// Runs `part` on what it finds in each of `values` and adds what it gives there.
  void run(const BuiltPart& part, std::vector<TensorMap>& values);
  [[nodiscard]] std::vector<Checked> compare_results(const std::vector<TensorMap>& got,
                                                     const std::vector<const BuiltPart*>& chain,
                                                     const std::vector<std::string>& results);

  StepStore& store_;
  Source& source_;
  Samples& samples_;
  const Registry& registry_;
  std::vector<TensorMap> expected_;
  std::vector<TensorMap> handed_over_;
  std::map<std::string, double> measured_ms_;
};

}  // namespace mtmi::deploy
