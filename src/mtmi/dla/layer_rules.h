// The rules of the layers, by operator. Private to dla/.
//
// Each list stands in the file of its family, rules_<family>.cpp; rules.cpp joins them.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "mtmi/device/support.h"
#include "mtmi/dla/layer.h"

namespace mtmi::dla {

/// Which ranks the layer's data may have.
enum class Ranks {
  Maps,  ///< [n, c, h, w] alone
  Own,   ///< the rule says it itself
};

inline constexpr std::size_t kAllInputs = std::numeric_limits<std::size_t>::max();

/// What a DLA asks of one operator.
struct LayerRule {
  std::string_view op;
  Support (*check)(const Layer& layer);
  Ranks ranks = Ranks::Maps;
  Version since{8, 5, 0};  ///< first release whose DLA has it
  /// How many inputs are data; those behind are parameters, which the rule itself looks at.
  std::size_t data_inputs = 1;
};

[[nodiscard]] std::span<const LayerRule> activation_rules();
[[nodiscard]] std::span<const LayerRule> conv_rules();
[[nodiscard]] std::span<const LayerRule> elementwise_rules();
[[nodiscard]] std::span<const LayerRule> matmul_rules();
[[nodiscard]] std::span<const LayerRule> movement_rules();
[[nodiscard]] std::span<const LayerRule> pooling_rules();
[[nodiscard]] std::span<const LayerRule> reduction_rules();
[[nodiscard]] std::span<const LayerRule> resize_rules();

}  // namespace mtmi::dla
