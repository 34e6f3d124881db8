#include "mtmi/deploy/tune.h"

#include <utility>

#include "mtmi/calibration/equalize.h"
#include "mtmi/calibration/tuning_samples.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

}  // namespace

std::span<const TensorMap> Tuning::samples() {
  if (samples_.empty()) {
    calibration::Encoder encoder(registry_.backend("cpu"),
                                 load_part(store_.path_of(encoder_.model), backend_of(encoder_)),
                                 inputs_.source->card().inputs.begin()->second);
    calibration::FeatureSource source = calibration::features_of(*inputs_.images, encoder);
    source.digest = [this](std::size_t i) { return inputs_.hashes->of((*inputs_.images)[i]); };
    samples_ = calibration::take_tuning_samples(source);
  }
  return samples_;
}

bundle::HashedFile Tuning::equalize(const Part& head) {
  const Backend& cpu = registry_.backend("cpu");
  StepKey key("equalize", head.name, kFormat);
  key.add("on", cpu.capabilities().front().name);
  key.add("card", inputs_.simplified->card.hash);
  key.add("encoder", encoder_.model.hash).add("model", head.model.hash);
  add_images(key, inputs_);
  return store_
      .run(key,
           [&](StepWriter& writer) {
             Graph graph = load_part(store_.path_of(head.model), backend_of(head));
             add_model(writer, head.name, calibration::equalized(cpu, std::move(graph), samples()));
           })
      .file("model");
}

Graph Tuning::correct(Graph head,
                      const std::map<std::string, float>& scales,
                      const calibration::Corrections& corrections) {
  return calibration::corrected(
      registry_.backend("cpu"), std::move(head), scales, samples(), corrections);
}

void add_model(StepWriter& writer, const std::string& name, const Graph& graph) {
  writer.add_file(
      "model", "parts", name, ".onnx", onnx::serialize_model(passes::expand_for_onnx(graph)));
}

}  // namespace mtmi::deploy
