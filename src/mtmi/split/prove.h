// That the parts in sequence equal the whole.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mtmi/core/agreement.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"
#include "mtmi/split/split.h"

namespace mtmi::split {

/// Runs a graph: the reference, or a device. Called once for the whole and once per part.
using Runner = std::function<TensorMap(const Graph& graph, const TensorMap& inputs)>;

/// How one output of the parts compares with the same output of the whole.
struct OutputProof {
  std::string output;
  DType dtype = DType::Float32;
  Agreement agreement;
};

/// encoder, heads and tails on `inputs`: every output of the whole network by name.
[[nodiscard]] TensorMap run_parts(const Split& split, const TensorMap& inputs, const Runner& run);

/// Compares run_parts() with `run(whole)` on seeded random input, one entry per
/// output of `whole` in its order. Throws what `run` throws.
[[nodiscard]] std::vector<OutputProof> prove(const Graph& whole,
                                             const Split& split,
                                             const Runner& run,
                                             std::uint64_t seed);

}  // namespace mtmi::split
