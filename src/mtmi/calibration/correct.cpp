#include "mtmi/calibration/correct.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "mtmi/calibration/layer_runs.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/axis_split.h"
#include "mtmi/core/exact_sum.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/error.h"
#include "mtmi/quant/layer_correction.h"
#include "mtmi/runtime/session.h"

namespace mtmi::calibration {
namespace {

using quant::CorrectableLayer;

/// The sum of each channel of one tensor, over samples.
struct ChannelSums {
  std::vector<ExactSum> sums;
  std::int64_t positions = 0;  ///< that each channel has

  /// Returns false where a value cannot be added up. Pre: float32 [n, channels, ...].
  bool add(const Tensor& tensor) {
    const AxisSplit split = split_at_axis(tensor.shape(), 1);
    sums.resize(static_cast<std::size_t>(split.extent));
    const std::span<const float> values = tensor.data<float>();
    const auto fits = [](float x) { return std::abs(x) < static_cast<float>(ExactSum::kLimit); };
    if (!std::all_of(values.begin(), values.end(), fits)) {
      return false;
    }
    thread_pool().parallel_for(split.extent, [&](std::int64_t c) {
      for (std::int64_t o = 0; o < split.outer; ++o) {
        const float* const x = values.data() + (o * split.extent + c) * split.inner;
        for (std::int64_t i = 0; i < split.inner; ++i) {
          sums[static_cast<std::size_t>(c)].add(static_cast<double>(x[i]));
        }
      }
    });
    positions += split.outer * split.inner;
    return true;
  }

  [[nodiscard]] std::vector<double> means() const {
    std::vector<double> result;
    for (const ExactSum& sum : sums) {
      result.push_back(sum.value() / static_cast<double>(positions));
    }
    return result;
  }
};

using Means = std::map<std::string, std::vector<double>>;

/// What the layers' sums are in float32 on average, by the name of the sum.
Means float_means(const Backend& cpu,
                  const Graph& head,
                  const std::vector<CorrectableLayer>& layers,
                  std::span<const TensorMap> samples) {
  CompileOptions options;
  for (const CorrectableLayer& layer : layers) {
    options.observe.push_back(head.value(layer.sum).name);
  }
  std::map<std::string, ChannelSums> sums;
  Session session(cpu, head, options);
  session.set_observer([&sums](std::string_view name, const Tensor& tensor) {
    if (!sums[std::string(name)].add(tensor)) {
      throw Error(ErrorCode::InvalidModel,
                  "calibration::corrected",
                  "tensor '" + std::string(name) +
                      "' holds a value that is not finite, or too large to be added up");
    }
  });
  for (const TensorMap& sample : samples) {
    check_interrupt();
    session.set_inputs(sample);
    session.run_again();
  }
  Means means;
  for (const auto& [name, sum] : sums) {
    means.emplace(name, sum.means());
  }
  return means;
}

}  // namespace

Graph corrected(const Backend& cpu,
                Graph head,
                const std::map<std::string, float>& scales,
                std::span<const TensorMap> samples,
                const Corrections& corrections,
                const ProgressFunction& progress) {
  MTMI_ASSERT(!samples.empty());
  const std::vector<CorrectableLayer> layers = quant::find_correctable_layers(head, scales);
  if (layers.empty() || !corrections.any()) {
    return head;
  }
  const Means means = corrections.bias ? float_means(cpu, head, layers, samples) : Means();
  LayerRuns runs(cpu, head, layers, scales, samples);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    progress({.step = "correct",
              .part = head.name,
              .done = static_cast<std::int64_t>(k),
              .total = std::ssize(layers)});
    quant::LayerInput input(head, layers[k], corrections.feedback);
    const std::vector<Tensor>& images = runs.inputs_of(head, k);
    for (std::size_t i = 0; i < images.size(); ++i) {
      check_interrupt();
      input.add(images[i].data<std::int8_t>(), i);
    }
    const auto wanted = means.find(head.value(layers[k].sum).name);
    quant::correct_layer(
        head, layers[k], input, wanted == means.end() ? std::vector<double>() : wanted->second);
  }
  return head;
}

}  // namespace mtmi::calibration
