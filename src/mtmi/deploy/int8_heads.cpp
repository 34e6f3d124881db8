#include "mtmi/deploy/int8_heads.h"

#include <cstddef>
#include <utility>

#include "mtmi/calibration/tuner.h"
#include "mtmi/calibration/tuning_samples.h"
#include "mtmi/deploy/calibrate.h"
#include "mtmi/deploy/rewrite.h"

namespace mtmi::deploy {
namespace {

constexpr int kEqualizeFormat = 1;

/// Tunes on a few of the images.
calibration::Tuner make_tuner(const Int8Inputs& inputs, const Part& encoder) {
  const Backend& cpu = inputs.registry.backend("cpu");
  const auto take = [&inputs, &cpu, &encoder] {
    const ObserveInputs& images = inputs.images;
    calibration::Encoder model(cpu,
                               load_part(inputs.store.path_of(encoder.model), backend_of(encoder)),
                               images.source->card().inputs.begin()->second);
    calibration::FeatureSource source = calibration::features_of(*images.images, model);
    source.digest = [&images](std::size_t i) { return images.hashes->of((*images.images)[i]); };
    return calibration::take_tuning_samples(source, inputs.progress);
  };
  return {cpu, take, inputs.progress};
}

bundle::HashedFile equalize(const Int8Inputs& inputs,
                            const Part& encoder,
                            const Part& head,
                            calibration::Tuner& tuner) {
  StepKey key("equalize", head.name, kEqualizeFormat);
  key.add("on", inputs.registry.backend("cpu").capabilities().front().name);
  key.add("card", inputs.images.simplified->card.hash);
  key.add("encoder", encoder.model.hash).add("model", head.model.hash);
  add_images(key, inputs.images);
  return inputs.store
      .run(key,
           [&](StepWriter& writer) {
             Graph graph = load_part(inputs.store.path_of(head.model), backend_of(head));
             add_model(writer, head.name, tuner.equalize(std::move(graph)));
           })
      .file("model");
}

/// What of an INT8 head stays in FP16: what its target names, and its outputs where it is asked
/// for, or where it gives depth, whose few steps of INT8 near and far would cost more than all the
/// rest.
std::vector<std::string> half_values(const Part& part, const Int8Inputs& inputs) {
  const HeadOutline& head = head_of(part, inputs.outline);
  const bool is_depth = !depths_among(head.results, *inputs.images.simplified).empty();
  const DType output = part.target.output.value_or(is_depth ? DType::Float16 : DType::Int8);
  std::vector<std::string> halves = part.target.keep_float;
  if (output == DType::Float16) {
    halves.insert(halves.end(), head.outputs.begin(), head.outputs.end());
  }
  return halves;
}

}  // namespace

std::vector<std::string> prepare_int8_heads(const Int8Inputs& inputs, std::vector<Part>& parts) {
  const DeployOptions& options = inputs.options;
  const Part& encoder = parts.front();
  calibration::Tuner tuner = make_tuner(inputs, encoder);
  std::vector<Part*> heads;
  for (Part& part : parts) {
    if (is_int8(part)) {
      heads.push_back(&part);
    }
  }
  if (heads.empty()) {
    const bool tunes = options.equalize || options.corrections.any();
    return tunes ? std::vector<std::string>{"no head runs in INT8: there are no weights to tune"}
                 : std::vector<std::string>{};
  }
  if (options.equalize) {
    for (Part* head : heads) {
      head->model = equalize(inputs, encoder, *head, tuner);
    }
  }
  CalibrateInputs calibrate;
  calibrate.registry = &inputs.registry;
  calibrate.observations = observe_heads(
      inputs.store, inputs.registry, inputs.images, encoder, {heads.begin(), heads.end()});
  calibrate.corrections = options.corrections;
  calibrate.tuner = &tuner;
  calibrate.encoder = &encoder;
  calibrate.samples = &inputs.samples;
  calibrate.sample_hashes = inputs.samples.hashes(*inputs.images.hashes, inputs.samples.count());
  std::vector<std::string> notes;
  for (Part* head : heads) {
    calibrate.half_values = half_values(*head, inputs);
    CalibratedHead calibrated = calibrate_head(inputs.store, *head, calibrate);
    head->scales = std::move(calibrated.scales);
    head->scale_files = std::move(calibrated.files);
    if (calibrated.model) {
      head->float_model = std::exchange(head->model, *calibrated.model);
    }
    for (const std::string& note : calibrated.notes) {
      notes.push_back("head '" + head->name + "': " + note);
    }
  }
  return notes;
}

}  // namespace mtmi::deploy
