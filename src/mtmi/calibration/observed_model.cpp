#include "mtmi/calibration/observed_model.h"

#include <string_view>

#include "mtmi/core/hash.h"
#include "mtmi/quant/calibrated_table.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/version.h"

namespace mtmi::calibration {
namespace {

CompileOptions observing(const Graph& graph, const std::vector<std::string>& tensors) {
  CompileOptions options;
  options.observe_any_order = true;
  for (const std::string& name : tensors) {
    if (!graph.is_input(*graph.find_value(name))) {
      options.observe.push_back(name);
    }
  }
  // Nobody reads the outputs: they may stay in the order in which they are made.
  for (const ValueId id : graph.outputs()) {
    const TensorType type = graph.type(id);
    if (type.dtype == DType::Float32 && type.shape.rank() == 4 && !graph.is_input(id)) {
      options.io[graph.value(id).name] = {.dtype = DType::Float32, .layout = Layout::Hwc};
    }
  }
  return options;
}

std::string digest_of(const Backend& backend, const Graph& graph) {
  Hasher hasher;
  hasher.update(quant::graph_hash(graph));
  hasher.update(backend.name());
  hasher.update(backend.capabilities().front().name);
  hasher.update(std::string_view(version()));
  return hasher.hex_digest();
}

}  // namespace

ObservedModel::ObservedModel(const Backend& backend, const Graph& graph)
    : tensors_(quant::counted_tensors(graph)),
      digest_(digest_of(backend, graph)),
      session_(backend, graph, observing(graph, tensors_)) {}

void ObservedModel::run(const TensorMap& inputs, const quant::TensorObserver& observe) {
  session_.set_inputs(inputs);
  for (const TensorDesc& desc : session_.inputs()) {
    if (is_floating_point(desc.dtype)) {
      observe(desc.name, inputs.find(desc.name)->second);
    }
  }
  session_.set_observer([&observe](std::string_view name, const Tensor& t) { observe(name, t); });
  session_.run_again();
  session_.set_observer({});
}

}  // namespace mtmi::calibration
