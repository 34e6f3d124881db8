// Small random networks. Private to the tests of passes/.
#pragma once

#include <cstdint>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A network of about twenty nodes on one input [1, 4, 6, 8] f32 with one to three outputs: layers,
/// activations, normalisations, maps to tokens and back, resizes, residual connections, and what
/// exporters leave behind (Identity, Cast, zero padding, a factor of one). The same seed gives the
/// same network. Types are known.
[[nodiscard]] Graph random_network(std::uint64_t seed);

}  // namespace mtmi::passes
