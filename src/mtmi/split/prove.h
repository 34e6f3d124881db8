// That the parts in sequence equal the whole.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"
#include "mtmi/ops/output_agreement.h"
#include "mtmi/split/split.h"

namespace mtmi::split {

/// Runs a graph: the reference, or a device. Called for the whole and once per part; for the
/// scores of `whole` once more where labels differ.
using Runner = std::function<TensorMap(const Graph& graph, const TensorMap& inputs)>;

/// encoder, heads and tails on `inputs`: every output of the whole network by name.
[[nodiscard]] TensorMap run_parts(const Split& split, const TensorMap& inputs, const Runner& run);

/// Compares run_parts() with `run(whole)` on seeded random input, one entry per
/// output of `whole` in its order. Throws what `run` throws.
[[nodiscard]] std::vector<ops::OutputAgreement> prove(const Graph& whole,
                                                      const Split& split,
                                                      const Runner& run,
                                                      std::uint64_t seed);

}  // namespace mtmi::split
