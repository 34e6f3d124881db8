#include "mtmi/calibration/layer_runs.h"

#include <algorithm>
#include <iterator>

#include "mtmi/core/interrupt.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/device/convert.h"
#include "mtmi/runtime/session.h"
#include "mtmi/split/extract.h"

namespace mtmi::calibration {
namespace {

/// Of `ends`, those that are met first on the way up from `value`.
std::vector<ValueId> nearest(const Graph& head, const std::vector<ValueId>& ends, ValueId value) {
  const auto between = split::nodes_between(head, ends, {&value, 1});
  std::vector<ValueId> sources;
  std::copy_if(ends.begin(), ends.end(), std::back_inserter(sources), [&](ValueId end) {
    const auto users = head.users(end);
    return std::any_of(
        users.begin(), users.end(), [&](NodeId user) { return between.contains(user); });
  });
  return sources;
}

}  // namespace

LayerRuns::LayerRuns(const Backend& cpu,
                     const Graph& head,
                     const std::vector<quant::CorrectableLayer>& layers,
                     const std::map<std::string, float>& scales,
                     std::span<const TensorMap> samples)
    : cpu_(cpu), layers_(layers), scales_(scales), samples_(samples) {
  std::vector<ValueId> known(head.inputs().begin(), head.inputs().end());
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const ValueId input = layers[k].input;
    sources_.push_back(nearest(head, known, input));
    for (const ValueId source : sources_.back()) {
      last_use_[source] = k;
    }
    last_use_[input] = k;
    if (std::find(known.begin(), known.end(), input) == known.end()) {
      known.push_back(input);
    }
  }
}

const std::vector<Tensor>& LayerRuns::inputs_of(const Graph& head, std::size_t k) {
  const ValueId input = layers_[k].input;
  std::erase_if(kept_, [&](const auto& kept) { return last_use_.at(kept.first) < k; });
  if (!kept_.contains(input)) {
    const auto elements = static_cast<std::size_t>(head.type(input).shape.num_elements());
    require_memory(elements * samples_.size(),
                   "tensor '" + head.value(input).name + "' of the images that heads are tuned on");
    kept_.emplace(input, head.is_input(input) ? convert(head, k) : compute(head, k));
  }
  return kept_.at(input);
}

/// Of a layer that reads an input of the head.
std::vector<Tensor> LayerRuns::convert(const Graph& head, std::size_t k) const {
  const TensorDesc desc{.name = head.value(layers_[k].input).name,
                        .dtype = DType::Int8,
                        .shape = head.type(layers_[k].input).shape,
                        .layout = Layout::Linear,
                        .scale = layers_[k].src_scale};
  std::vector<Tensor> converted;
  for (const TensorMap& sample : samples_) {
    Tensor& tensor = converted.emplace_back(DType::Int8, desc.shape);
    write_format(sample.find(desc.name)->second, desc, tensor.bytes());
  }
  return converted;
}

/// Of any other: by the piece of the head in front of it.
std::vector<Tensor> LayerRuns::compute(const Graph& head, std::size_t k) {
  const std::string& result = head.value(layers_[k].input).name;
  CompileOptions options;
  options.precision = Precision::Int8;
  options.scales = scales_;
  const auto exchange_in_int8 = [&](const std::string& name) {
    options.io[name] = {.dtype = DType::Int8, .scale = scales_.at(name)};
  };
  exchange_in_int8(result);
  for (const ValueId source : sources_[k]) {
    if (!head.is_input(source)) {
      exchange_in_int8(head.value(source).name);
    }
  }
  Session session(
      cpu_, split::extract(head, head.name, sources_[k], {&layers_[k].input, 1}), options);
  std::vector<Tensor> computed;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    check_interrupt();
    TensorMap sources;
    for (const ValueId source : sources_[k]) {
      const std::string& name = head.value(source).name;
      sources.emplace(name,
                      head.is_input(source) ? samples_[i].find(name)->second : kept_.at(source)[i]);
    }
    computed.push_back(session.run(sources).at(result));
    // What is read for the last time goes as its successor comes: there is one of both.
    for (const ValueId source : sources_[k]) {
      if (!head.is_input(source) && last_use_.at(source) == k) {
        kept_.at(source)[i] = Tensor();
      }
    }
  }
  return computed;
}

}  // namespace mtmi::calibration
