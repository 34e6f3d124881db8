// The built parts against the network as it came.
#pragma once

#include <cstddef>
#include <map>
#include <span>
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
#include "mtmi/graph/graph.h"
#include "mtmi/ops/output_agreement.h"

namespace mtmi::deploy {

/// What float32 parts may differ from the network by, of an output's range [1].
inline constexpr double kTolerance = 1e-3;

/// A part that is built.
struct BuiltPart {
  Part part;
  Built built;
};

/// Parts in the order in which they run: encoder, or encoder, head and tail.
using Chain = std::vector<const BuiltPart*>;

/// In which form parts are run.
enum class Form {
  Built,    ///< the engines, on their devices
  Float32,  ///< their graphs, on the CPU
};

/// How one output agrees, and whether that is within what is allowed.
struct Checked {
  bundle::Verified verified;
  bool within_tolerance = true;
  std::string found;  ///< "largest difference 3.1e-06 of a range of 2.4 (1.3e-06)"
};

/// Runs parts on samples and compares what they give. What the network and the encoder give is
/// computed once for all heads, when the first head needs it. Thread-compatible.
class Verifier {
 public:
  /// `hashes` are asked for those of the samples.
  Verifier(StepStore& store,
           Source& source,
           Samples& samples,
           KnownHashes& hashes,
           const Registry& registry);

  /// The outputs `results` of the network as the parts make them in `form`, against the network.
  /// On the first images only: that runs the network unoptimised.
  [[nodiscard]] std::vector<Checked> verify(const Chain& chain,
                                            const std::vector<std::string>& results,
                                            Form form);

  /// The built parts of a head against their graphs in float32, on all samples, where one of them
  /// computes in INT8 or bfloat16: an agreement, no proof. `depths` are those of `results` that are
  /// depth.
  [[nodiscard]] std::vector<bundle::Verified> agree(const Chain& chain,
                                                    const HeadOutline& head,
                                                    const std::vector<std::string>& depths);

  /// How long the built parts took, by name; those that were not run are missing. The shortest of
  /// all samples [ms].
  [[nodiscard]] const std::map<std::string, double>& measured_ms() const noexcept {
    return measured_ms_;
  }

 private:
  /// What the network gives for sample `i`.
  const TensorMap& expected(std::size_t i);
  /// What the encoder gives for the first samples, in its own formats, beside the samples.
  std::vector<TensorMap> handed_over(const BuiltPart& encoder, Form form, std::size_t samples);
  /// Runs the whole chain on the first samples.
  std::vector<TensorMap> run(const Chain& chain, Form form, std::size_t samples);
  /// Runs `part` on what it finds in each of `values` and adds what it gives there.
  void run(const BuiltPart& part, Form form, std::span<TensorMap> values);
  std::vector<ops::OutputAgreement> compare_with_network(const Graph& reference,
                                                         std::size_t sample,
                                                         const TensorMap& got);

  StepStore& store_;
  Source& source_;
  Samples& samples_;
  KnownHashes& hashes_;
  const Registry& registry_;
  std::vector<TensorMap> expected_;
  std::map<Form, std::vector<TensorMap>> handed_over_;
  std::map<std::string, double> measured_ms_;
};

}  // namespace mtmi::deploy
