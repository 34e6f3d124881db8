// A head of several layers, what it reads, and its scales, for the tests of what tunes heads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"

namespace mtmi::calibration {

/// Convs with and without bias, stride and padding; a concatenation; one that a group keeps out.
[[nodiscard]] Graph layered_head();

/// Inputs in [0, 1].
[[nodiscard]] std::vector<TensorMap> samples_of(const Graph& head,
                                                std::size_t count,
                                                std::uint64_t seed);

/// Scales from the largest value of each tensor; Concat's one for all.
[[nodiscard]] std::map<std::string, float> scales_of(const Graph& head,
                                                     const std::vector<TensorMap>& samples);

/// What the output "out" is on all samples, as halves in INT8, or in float32 without scales.
[[nodiscard]] std::vector<float> outputs_of(const Graph& head,
                                            const std::map<std::string, float>& scales,
                                            const std::vector<TensorMap>& samples);

}  // namespace mtmi::calibration
