// How the outputs of two forms of one network agree; labels by the scores they were chosen from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/core/agreement.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"

namespace mtmi::ops {

/// What an output of labels was chosen from.
struct LabelSource {
  ValueId scores = kNoValue;  ///< what the ArgMax or ArgMin reads
  int axis = 0;               ///< over which it chooses, from the front
};

/// The scores of an output that an ArgMax or ArgMin makes; operators that keep every label and
/// their order may stand behind it. Nothing for other outputs. Pre: graph.is_static().
[[nodiscard]] std::optional<LabelSource> find_label_source(const Graph& graph, ValueId output);

/// How one output compares with the same output of the reference.
struct OutputAgreement {
  std::string output;
  DType dtype = DType::Float32;
  Agreement agreement;
};

/// Runs a graph once more on the inputs that gave the expected outputs, as they were made.
using ReferenceRunner = std::function<TensorMap(const Graph& graph)>;

/// The scores that `source` names, by running what they need of `graph`. Throws what `run` throws.
[[nodiscard]] LabelScores run_label_scores(const Graph& graph,
                                           const LabelSource& source,
                                           const ReferenceRunner& run);

/// One entry per output of `reference`, in its order: `got` against `expected`, both by the names
/// of those outputs. Where labels differ, `run` is called with `reference` cut at their scores, and
/// compare_labels() judges them. Throws what `run` throws and what compare() throws.
[[nodiscard]] std::vector<OutputAgreement> compare_outputs(const Graph& reference,
                                                           const TensorMap& expected,
                                                           const TensorMap& got,
                                                           const ReferenceRunner& run);

}  // namespace mtmi::ops
