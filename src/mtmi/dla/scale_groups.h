// Which tensors of a graph must, or had better, share one INT8 range on a DLA.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::dla {

/// Tensors that one node wants to have one range.
struct ScaleGroup {
  /// dla.range.concat     inputs and output of a Concat
  /// dla.range.operands   what Add, Sub, Sum, Max, Min, Equal, Greater or Less read; their result
  ///                      is free
  /// dla.range.pooling    input and output of AveragePool and MaxPool
  /// dla.range.resize     input and output of a Resize; preferred only
  std::string_view rule;
  /// true: it cannot compute otherwise, a tensor that differs is rescaled in front of it. false: it
  /// can, but would round once more than where they share.
  bool required = true;
  NodeId node{};
  std::vector<ValueId> values;  ///< at least two, each once: in order of reading, then the output

  bool operator==(const ScaleGroup&) const = default;
};

/// One group per node that has one, in the order of the graph. Constants belong to none: they are
/// scaled as weights are.
///
/// The single truth on this: alignment, check, the lowering's explicit rescales and the cost model
/// use it. Required groups: TensorRT developer guide, DLA restrictions (Concatenation, ElementWise,
/// Pooling); of comparisons it follows from comparing integers. Products are free: the factors'
/// scales multiply. The preferred group is what others have done by hand in their caches.
[[nodiscard]] std::vector<ScaleGroup> find_scale_groups(const Graph& graph);

/// Groups that have tensors in common, as one.
struct JointGroup {
  std::vector<ValueId> values;     ///< in the order of the groups
  std::vector<ScaleGroup> groups;  ///< at least one
};

/// Joins groups, transitively, in the order of their first. Nothing is left out.
[[nodiscard]] std::vector<JointGroup> join_groups(const std::vector<ScaleGroup>& groups);

/// An operand that must be brought to another scale in front of a node: q := rq(q, from / to).
struct Rescale {
  NodeId node{};
  ValueId value{};
  float from = 0;
  float to = 0;
  std::string_view rule;  ///< of the group that asks for it

  bool operator==(const Rescale&) const = default;
};

/// Where required groups do not share: each input that differs is rescaled to the output's scale
/// (Concat, pooling) or to the largest of the operands. None for groups of which a tensor has no
/// scale: their layer runs in FP16. In the order of the graph.
///
/// Pre: `scales`, by value name, are finite and > 0.
[[nodiscard]] std::vector<Rescale> find_rescales(const Graph& graph,
                                                 const std::map<std::string, float>& scales);

}  // namespace mtmi::dla
