// One layer with the integers that it reads. Private to dla/reference/.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/dla/precision_plan.h"
#include "mtmi/dla/reference/sums.h"

namespace mtmi::dla::reference {

/// Integers [n, c, ...] that stand for scale * n.
struct Integers {
  Shape shape;
  std::vector<std::int64_t> n;
  float scale = 1.0F;
};

class LayerView {
 public:
  /// All must outlive it. `values` holds what passes between layers, by name.
  LayerView(const Graph& graph,
            const PrecisionPlan& plan,
            const FusedLayer& layer,
            const TensorMap& values,
            Rounding rounding)
      : graph_(graph), plan_(plan), layer_(layer), values_(values), rounding_(rounding) {}

  [[nodiscard]] const Graph& graph() const { return graph_; }

  [[nodiscard]] Rounding rounding() const { return rounding_; }

  [[nodiscard]] NodeId id() const { return layer_.nodes.front(); }

  [[nodiscard]] const Node& node() const { return graph_.node(id()); }

  [[nodiscard]] const FusedLayer& layer() const { return layer_; }

  /// The node of that operator behind the first, if the layer has one.
  [[nodiscard]] std::optional<NodeId> behind(std::string_view op) const;

  [[nodiscard]] bool has_input(std::size_t index) const;
  /// The constant behind an input of the first node; nullptr where it is computed.
  [[nodiscard]] const Tensor* constant(std::size_t index) const;
  /// Pre: the input is computed, and INT8.
  [[nodiscard]] Integers input(std::size_t index) const;
  /// What passes between layers as it is.
  [[nodiscard]] const Tensor& value(ValueId id) const;
  /// Of what passes between layers; nothing for what is FP16.
  [[nodiscard]] std::optional<float> scale(ValueId id) const;
  [[nodiscard]] std::optional<float> output_scale(std::size_t index) const;
  [[nodiscard]] Shape output_shape(std::size_t index) const;

  /// The scale that computed operands are brought to before they meet: the largest of theirs.
  [[nodiscard]] float common_scale() const;
  /// `integers` in steps of `scale`: an explicit rescale where that is another one than theirs.
  [[nodiscard]] Integers rescaled(Integers integers, float scale) const;

 private:
  const Graph& graph_;
  const PrecisionPlan& plan_;
  const FusedLayer& layer_;
  const TensorMap& values_;
  Rounding rounding_;
};

/// The integers of a layer whose first node has one of these operators, one Sums an output.
using SumsOf = std::vector<Sums> (*)(const LayerView& view);

/// Conv, ConvTranspose, Gemm, MatMul.
[[nodiscard]] std::vector<Sums> product_sums(const LayerView& view);
/// Mul, Add, Sub, Div by constants; BatchNormalization.
[[nodiscard]] std::vector<Sums> scaled_sums(const LayerView& view);
/// The same of the integers of another layer: a BatchNormalization behind a sum.
[[nodiscard]] Sums normalized(const LayerView& view, const Sums& sums, NodeId normalization);
/// Add, Sub, Sum, Mul, Max, Min of several tensors; Equal, Greater, Less.
[[nodiscard]] std::vector<Sums> operand_sums(const LayerView& view);
/// Relu, LeakyRelu, PRelu, Clip, Identity: the integers as they are. Abs.
[[nodiscard]] std::vector<Sums> unary_sums(const LayerView& view);
/// Concat.
[[nodiscard]] std::vector<Sums> concat_sums(const LayerView& view);
/// What only chooses elements: Slice, Split, Reshape, Transpose, MaxPool, ReduceMax, ...
[[nodiscard]] std::vector<Sums> moved(const LayerView& view);
[[nodiscard]] std::vector<Sums> moved_integers(const LayerView& view, const Integers& src);
/// MaxPool: in the scale of its result, which its source is brought to.
[[nodiscard]] std::vector<Sums> pooled_sums(const LayerView& view);
/// AveragePool: the same; with Rounding::HalfEven rounded once instead.
[[nodiscard]] std::vector<Sums> average_sums(const LayerView& view);
[[nodiscard]] std::vector<Sums> resized_sums(const LayerView& view);

/// A layer in FP16, whatever its operators: the values of its outputs.
[[nodiscard]] std::vector<Tensor> half_layer(const LayerView& view);

}  // namespace mtmi::dla::reference
