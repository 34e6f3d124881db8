#include "mtmi/quant/layer_correction.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/random.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/dla/precision_plan.h"
#include "mtmi/quant/grid_weights.h"

namespace mtmi::quant {
namespace {

// Of one image. Neighbours say much the same, so a few hundred positions say nearly all.
constexpr std::size_t kMomentPositions = 512;

bool is_correctable(const Graph& graph, const dla::PlannedLayer& planned) {
  const Node& node = graph.node(planned.layer.nodes.front());
  const auto is_normalization = [&graph](NodeId id) {
    return graph.node(id).op == "BatchNormalization";
  };
  return planned.precision == dla::Precision::Int8 && node.op == "Conv" &&
         node.attributes.get_int("group", 1) == 1 && !graph.is_constant(node.inputs.front()) &&
         graph.value(node.inputs.front()).shape->rank() == 4 &&
         std::none_of(planned.layer.nodes.begin(), planned.layer.nodes.end(), is_normalization);
}

std::span<const float> constant_data(const Graph& graph, ValueId id) {
  return graph.value(id).constant->data<float>();
}

std::vector<float> bias_of(const Graph& graph, const Node& node, std::size_t channels) {
  if (node.inputs.size() < 3 || node.inputs[2] == kNoValue) {
    return std::vector<float>(channels, 0.0F);
  }
  const auto bias = constant_data(graph, node.inputs[2]);
  return {bias.begin(), bias.end()};
}

/// Rows whose bias is what decides their scale have nothing to gain.
std::vector<float> rounded_with_feedback(std::span<const float> weights,
                                         const dla::QuantizedWeights& quantized,
                                         const SecondMoments& moments) {
  std::vector<float> rounded = round_with_feedback(weights, quantized.scales, moments);
  const std::size_t taps = moments.taps();
  for (std::size_t k = 0; k < quantized.scales.size(); ++k) {
    const auto row = weights.subspan(k * taps, taps);
    const auto q = std::span(quantized.weights).subspan(k * taps, taps);
    if (std::none_of(q.begin(), q.end(), [](std::int8_t v) { return v == 127 || v == -127; })) {
      std::copy(row.begin(), row.end(), rounded.begin() + static_cast<std::ptrdiff_t>(k * taps));
    }
  }
  return rounded;
}

std::vector<float> corrected_bias(const dla::QuantizedWeights& quantized,
                                  const LayerInput& input,
                                  float src_scale,
                                  std::span<const double> means) {
  std::vector<float> bias(means.size());
  const std::size_t taps = input.sums().size();
  for (std::size_t k = 0; k < bias.size(); ++k) {
    std::int64_t sum = 0;
    for (std::size_t t = 0; t < taps; ++t) {
      sum += quantized.weights[k * taps + t] * input.sums()[t];
    }
    const double step = static_cast<double>(src_scale) * static_cast<double>(quantized.scales[k]);
    bias[k] = static_cast<float>(means[k] - step * static_cast<double>(sum) /
                                                static_cast<double>(input.positions()));
  }
  return bias;
}

}  // namespace

std::vector<CorrectableLayer> find_correctable_layers(const Graph& graph,
                                                      const std::map<std::string, float>& scales) {
  std::vector<CorrectableLayer> layers;
  const dla::PrecisionPlan plan(graph, scales);
  for (const dla::PlannedLayer& planned : plan.layers()) {
    if (is_correctable(graph, planned)) {
      const NodeId id = planned.layer.nodes.front();
      const ValueId input = graph.node(id).inputs.front();
      if (plan.is_int8(input) && grid_weights(graph, id, plan.scale(input))) {
        layers.push_back({.node = id,
                          .input = input,
                          .sum = graph.node(id).outputs.front(),
                          .src_scale = plan.scale(input)});
      }
    }
  }
  return layers;
}

LayerInput::LayerInput(const Graph& graph, const CorrectableLayer& layer, bool with_moments) {
  const Node& node = graph.node(layer.node);
  const Shape weights = graph.type(node.inputs[1]).shape;
  geometry_ = ops::conv_geometry(node.attributes, graph.type(layer.input).shape, weights);
  MTMI_ASSERT(geometry_.windows.size() == 2 && geometry_.groups == 1);
  sums_.resize(static_cast<std::size_t>(weights.num_elements() / weights[0]), 0);
  if (with_moments) {
    moments_.emplace(sums_.size());
  }
}

void LayerInput::add(std::span<const std::int8_t> image, std::uint64_t seed) {
  const Window& rows = geometry_.windows[0];
  const Window& columns = geometry_.windows[1];
  const std::size_t size = static_cast<std::size_t>(geometry_.ic * rows.in * columns.in);
  MTMI_ASSERT(image.size() == static_cast<std::size_t>(geometry_.n) * size);
  for (std::int64_t n = 0; n < geometry_.n; ++n) {
    const std::int8_t* const one = image.data() + static_cast<std::size_t>(n) * size;
    add_sums(one);
    if (moments_) {
      add_moments(one, seed);
    }
    positions_ += rows.out * columns.out;
  }
}

void LayerInput::add_sums(const std::int8_t* image) {
  const Window& rows = geometry_.windows[0];
  const Window& columns = geometry_.windows[1];
  thread_pool().parallel_for(static_cast<std::int64_t>(sums_.size()), [&](std::int64_t tap) {
    const std::int64_t kx = tap % columns.kernel;
    const std::int64_t ky = tap / columns.kernel % rows.kernel;
    const std::int8_t* const channel =
        image + tap / (columns.kernel * rows.kernel) * rows.in * columns.in;
    const IndexRange across = outputs_inside(columns, kx);
    const IndexRange down = outputs_inside(rows, ky);
    std::int64_t sum = 0;
    for (std::int64_t y = down.begin; y < down.end; ++y) {
      const std::int8_t* const row = channel + rows.position(y, ky) * columns.in;
      for (std::int64_t x = across.begin; x < across.end; ++x) {
        sum += row[columns.position(x, kx)];
      }
    }
    sums_[static_cast<std::size_t>(tap)] += sum;
  });
}

void LayerInput::add_moments(const std::int8_t* image, std::uint64_t seed) {
  const Window& rows = geometry_.windows[0];
  const Window& columns = geometry_.windows[1];
  const auto all = static_cast<std::uint64_t>(rows.out * columns.out);
  const std::size_t count = std::min<std::size_t>(all, kMomentPositions);
  std::vector<std::int16_t> values(sums_.size() * count, 0);
  Random random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const auto position = static_cast<std::int64_t>(count == all ? i : random.below(all));
    std::int16_t* value = &values[i];
    for (std::int64_t c = 0; c < geometry_.ic; ++c) {
      for (std::int64_t ky = 0; ky < rows.kernel; ++ky) {
        const std::int64_t y = rows.position(position / columns.out, ky);
        for (std::int64_t kx = 0; kx < columns.kernel; ++kx, value += count) {
          const std::int64_t x = columns.position(position % columns.out, kx);
          if (y >= 0 && y < rows.in && x >= 0 && x < columns.in) {
            *value = image[(c * rows.in + y) * columns.in + x];
          }
        }
      }
    }
  }
  moments_->add(values, count);
}

void correct_layer(Graph& graph,
                   const CorrectableLayer& layer,
                   const LayerInput& input,
                   std::span<const double> means) {
  MTMI_ASSERT(input.positions() > 0);
  const Node node = graph.node(layer.node);
  const Value& old = graph.value(node.inputs[1]);
  const Shape shape = old.constant->shape();
  const std::string name = old.name;
  const std::span<const float> weights = old.constant->data<float>();
  const auto channels = static_cast<std::size_t>(shape[0]);
  const std::vector<float> bias = bias_of(graph, node, channels);
  dla::QuantizedWeights quantized =
      dla::quantize_weights(weights, bias, layer.src_scale, dla::Rounding::HalfAway);
  std::vector<ValueId> inputs(node.inputs);
  if (input.moments() != nullptr) {
    const std::vector<float> rounded = rounded_with_feedback(weights, quantized, *input.moments());
    quantized = dla::quantize_weights(rounded, bias, layer.src_scale, dla::Rounding::HalfAway);
    inputs[1] = graph.add_constant(name + "/corrected",
                                   Tensor::from(shape, std::span<const float>(rounded)));
  }
  if (!means.empty()) {
    MTMI_ASSERT(means.size() == channels);
    const std::vector<float> corrected = corrected_bias(quantized, input, layer.src_scale, means);
    inputs.resize(3, kNoValue);
    inputs[2] =
        graph.add_constant(graph.value(layer.sum).name + "/bias",
                           Tensor::from(Shape{shape[0]}, std::span<const float>(corrected)));
  }
  graph.set_inputs(layer.node, std::move(inputs));
}

}  // namespace mtmi::quant
