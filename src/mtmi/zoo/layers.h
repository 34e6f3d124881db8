// Layers with seeded random weights, appended to a Graph: what a training framework's exporter
// writes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mtmi/core/random.h"
#include "mtmi/graph/graph.h"

namespace mtmi::zoo {

/// Stride, padding and groups of a convolution with a square kernel.
struct ConvShape {
  std::int64_t out_channels = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t groups = 1;
  bool bias = true;
};

/// Appends layers to a graph. Every function returns the layer's output, named `layer`, and sets
/// its type. Weights are drawn in the order of the calls: He-normal for weights, near one and near
/// zero for scales, shifts and statistics, so that no folding is trivially right. Not thread-safe.
class Layers {
 public:
  Layers(Graph& graph, std::uint64_t seed) : graph_(graph), random_(seed) {}

  /// x [n, c, h, w]
  ValueId conv(const std::string& layer, ValueId x, const ConvShape& shape);
  /// x [n, c, h, w]
  ValueId batch_norm(const std::string& layer, ValueId x);
  /// Over the last axis.
  ValueId layer_norm(const std::string& layer, ValueId x, float epsilon);
  /// x [..., in] -> [..., out], as MatMul and Add.
  ValueId linear(const std::string& layer, ValueId x, std::int64_t out_features);
  /// Bilinear, half-pixel, by an integer factor. x [n, c, h, w]
  ValueId upsample(const std::string& layer, ValueId x, std::int64_t factor);
  /// softmax(q k^T / sqrt(d)) v for q [b, h, n, d], k and v [b, h, m, d].
  ValueId attention(const std::string& layer, ValueId q, ValueId k, ValueId v);

  ValueId reshape(const std::string& layer, ValueId x, const std::vector<std::int64_t>& shape);
  ValueId transpose(const std::string& layer, ValueId x, std::vector<std::int64_t> perm);
  ValueId concat_channels(const std::string& layer, std::vector<ValueId> parts);
  /// An operator without attributes.
  ValueId apply(const std::string& op, const std::string& layer, std::vector<ValueId> inputs);
  ValueId apply(const std::string& op,
                const std::string& layer,
                std::vector<ValueId> inputs,
                Attributes attributes);
  ValueId scalar(const std::string& constant, float value);

  [[nodiscard]] Shape shape(ValueId x) const { return graph_.type(x).shape; }

 private:
  ValueId normal(const std::string& constant, Shape shape, float mean, float deviation);
  ValueId ints(const std::string& constant, const std::vector<std::int64_t>& values);

  Graph& graph_;
  Random random_;
};

}  // namespace mtmi::zoo
