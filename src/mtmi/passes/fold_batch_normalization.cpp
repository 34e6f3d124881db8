#include "mtmi/passes/fold_batch_normalization.h"

#include <algorithm>
#include <cmath>

#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "fold_batch_normalization";

/// The four parameters of a BatchNormalization.
struct Parameters {
  std::span<const float> scale;
  std::span<const float> shift;
  std::span<const float> mean;
  std::span<const float> variance;
  float epsilon;
};

/// Nothing in training mode or where a parameter is not a float32 constant.
std::optional<Parameters> parameters_of(const Graph& graph, const Node& node) {
  if (node.attributes.get_int("training_mode", 0) != 0 ||
      std::any_of(node.outputs.begin() + 1, node.outputs.end(), [](ValueId output) {
        return output != kNoValue;
      })) {
    return std::nullopt;
  }
  std::array<std::span<const float>, 4> spans;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const Tensor* tensor = constant_of(graph, node.inputs[i + 1]);
    if (tensor == nullptr || tensor->dtype() != DType::Float32) {
      return std::nullopt;
    }
    spans[i] = tensor->data<float>();
  }
  return Parameters{
      spans[0], spans[1], spans[2], spans[3], node.attributes.get_float("epsilon", 1e-5F)};
}

void fold(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const std::optional<Parameters> parameters = parameters_of(graph, node);
  std::optional<Layer> layer = foldable_layer(graph, node.inputs[0]);
  if (!parameters || !layer || layer->bias.size() != parameters->scale.size()) {
    return;
  }
  std::vector<float> factors(layer->bias.size());
  for (std::size_t c = 0; c < factors.size(); ++c) {
    factors[c] = parameters->scale[c] / std::sqrt(parameters->variance[c] + parameters->epsilon);
    layer->bias[c] -= parameters->mean[c];
  }
  scale_channels(graph, *layer, factors);
  for (std::size_t c = 0; c < factors.size(); ++c) {
    layer->bias[c] += parameters->shift[c];
  }
  become_layer(graph, id, *layer, kName);
}

}  // namespace

Graph fold_batch_normalization(Graph graph) {
  for_each_node(graph, "BatchNormalization", fold);
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
