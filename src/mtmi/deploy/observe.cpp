#include "mtmi/deploy/observe.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "mtmi/calibration/runs.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/quant/calibrated_table.h"
#include "mtmi/quant/rearranged.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;
constexpr std::chrono::milliseconds kSaveEvery{1000};

/// Two heads may have tensors of one name: rewriting names what it adds after what was there.
std::string name_in(const std::string& head, std::string_view tensor) {
  return head + ": " + std::string(tensor);
}

/// The encoder in front of several heads, in memory.
class HeadRuns final : public quant::CalibrationImages {
 public:
  struct Head {
    std::string name;
    std::unique_ptr<calibration::ObservedModel> model;
  };

  HeadRuns(const ObserveInputs& inputs, calibration::Encoder& encoder, std::vector<Head> heads)
      : images_(*inputs.images),
        hashes_(*inputs.hashes),
        encoder_(encoder),
        heads_(std::move(heads)) {}

  [[nodiscard]] std::size_t size() const override { return images_.size(); }

  [[nodiscard]] std::string name(std::size_t i) const override { return images_[i].string(); }

  [[nodiscard]] std::string digest(std::size_t i) override { return hashes_.of(images_[i]); }

  void run(std::size_t i, const quant::TensorObserver& observe) override {
    const TensorMap features = encoder_.run(images_[i]);
    for (const Head& head : heads_) {
      head.model->run(features, [&](std::string_view tensor, const Tensor& values) {
        observe(name_in(head.name, tensor), values);
      });
    }
  }

  [[nodiscard]] std::vector<std::string> tensors() const {
    std::vector<std::string> names;
    for (const Head& head : heads_) {
      for (const std::string& tensor : head.model->tensors()) {
        names.push_back(name_in(head.name, tensor));
      }
    }
    return names;
  }

 private:
  const std::vector<std::filesystem::path>& images_;
  KnownHashes& hashes_;
  calibration::Encoder& encoder_;
  std::vector<Head> heads_;
};

StepKey key_of(const Backend& cpu,
               const ObserveInputs& inputs,
               const Part& encoder,
               const std::vector<const Part*>& heads) {
  StepKey key("observe", "", kFormat);
  key.add("on", cpu.capabilities().front().name);
  key.add("card", inputs.simplified->card.hash);
  key.add("encoder", encoder.model.hash);
  for (const Part* head : heads) {
    key.add("head", head->name).add("model", head->model.hash);
  }
  add_images(key, inputs);
  return key;
}

quant::Observations observe(const StepStore& store,
                            const Backend& cpu,
                            const ObserveInputs& inputs,
                            const Part& encoder,
                            const std::vector<const Part*>& heads,
                            const StepKey& key,
                            const StepWriter& writer) {
  calibration::Encoder encoder_model(cpu,
                                     load_part(store.path_of(encoder.model), backend_of(encoder)),
                                     inputs.source->card().inputs.begin()->second);
  std::vector<HeadRuns::Head> models;
  for (const Part* head : heads) {
    models.push_back({.name = head->name,
                      .model = std::make_unique<calibration::ObservedModel>(
                          cpu, load_part(store.path_of(head->model), backend_of(*head)))});
  }
  HeadRuns runs(inputs, encoder_model, std::move(models));
  quant::CalibratorOptions options;
  options.state_file = store.state_path(key);
  options.save_every = kSaveEvery;
  options.progress = [&](std::size_t done) {
    writer.tell(static_cast<std::int64_t>(done), static_cast<std::int64_t>(runs.size()));
  };
  return quant::observe_images(runs, runs.tensors(), key.hash(), options);
}

}  // namespace

void add_images(StepKey& key, const ObserveInputs& inputs) {
  std::vector<std::string> hashes;
  for (const std::filesystem::path& image : *inputs.images) {
    hashes.push_back(inputs.hashes->of(image));
  }
  std::sort(hashes.begin(), hashes.end());
  for (const std::string& hash : hashes) {
    key.add("image", hash);
  }
}

bundle::HashedFile observe_heads(StepStore& store,
                                 const Registry& registry,
                                 const ObserveInputs& inputs,
                                 const Part& encoder,
                                 const std::vector<const Part*>& heads) {
  MTMI_ASSERT(inputs.simplified->takes_one_image && !inputs.images->empty());
  const Backend& cpu = registry.backend("cpu");
  const StepKey key = key_of(cpu, inputs, encoder, heads);
  return store
      .run(key,
           [&](StepWriter& writer) {
             const quant::Observations seen =
                 observe(store, cpu, inputs, encoder, heads, key, writer);
             writer.add_file("observations", "scales", "observed", ".bin", quant::encode(seen));
             quant::remove_state(store.state_path(key));
           })
      .file("observations");
}

quant::Observations observations_of(const std::filesystem::path& file,
                                    const std::string& head,
                                    const Graph& graph) {
  quant::Observations all = quant::decode_observations(MappedFile(file).bytes());
  quant::Observations own{
      .context = std::move(all.context), .images = std::move(all.images), .tensors = {}};
  for (const std::string& tensor : quant::observed_tensors(graph)) {
    if (const auto found = all.tensors.find(name_in(head, tensor)); found != all.tensors.end()) {
      own.tensors.emplace(tensor, std::move(found->second));
    }
  }
  quant::add_rearranged(own, graph);
  return own;
}

}  // namespace mtmi::deploy
