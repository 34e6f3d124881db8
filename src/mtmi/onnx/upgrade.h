// Brings every node of a graph from the opset of its file to its opset-21 meaning.
#pragma once

#include <cstdint>

#include "mtmi/graph/graph.h"

namespace mtmi::onnx {

/// The opsets that a file may be of. From 9 on, every operator in operator_history.h can be read;
/// before, those that did not change until 9. Between 21 and the newest, none of them changed what
/// it means; attributes that were added are refused by name.
inline constexpr std::int64_t kOldestOpset = 1;
inline constexpr std::int64_t kNewestOpset = 28;

/// Rewrites the nodes of `graph`, which are as in a file of `opset`: what became an input is made
/// one, defaults that changed are written out, operators that went are replaced. Names of values
/// stay; new ones are called "<old>/<what they are>". Pre: the nodes stand in order; no types are
/// needed but those of inputs and constants.
/// Throws Error(Unsupported) for an opset, an operator, or a use of it that mtmi has not, and
/// Error(InvalidModel) on attributes that the operator has not; both name the node.
void upgrade(Graph& graph, std::int64_t opset);

}  // namespace mtmi::onnx
