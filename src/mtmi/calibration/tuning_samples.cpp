#include "mtmi/calibration/tuning_samples.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/memory_limit.h"

namespace mtmi::calibration {
namespace {

std::vector<std::size_t> chosen_images(const FeatureSource& source) {
  std::vector<std::pair<std::string, std::size_t>> digests;
  for (std::size_t i = 0; i < source.count; ++i) {
    digests.emplace_back(source.digest(i), i);
  }
  std::sort(digests.begin(), digests.end());
  digests.resize(std::min(digests.size(), kTuningImages));
  std::vector<std::size_t> chosen;
  for (const auto& [digest, i] : digests) {
    chosen.push_back(i);
  }
  return chosen;
}

}  // namespace

FeatureSource features_in(const std::filesystem::path& folder, const Graph& head) {
  std::vector<TensorDesc> inputs;
  for (const ValueId id : head.inputs()) {
    const TensorType type = head.type(id);
    inputs.push_back({.name = head.value(id).name, .dtype = type.dtype, .shape = type.shape});
  }
  const auto files = std::make_shared<FeatureFolder>(folder, inputs);
  return {.count = files->size(),
          .digest =
              [files](std::size_t i) {
                Hasher hasher;
                for (const auto& [name, tensor] : files->load(i)) {
                  hasher.update(tensor.bytes());
                }
                return hasher.hex_digest();
              },
          .load = [files](std::size_t i) { return files->load(i); }};
}

FeatureSource features_of(std::vector<std::filesystem::path> images, Encoder& encoder) {
  const auto files = std::make_shared<const std::vector<std::filesystem::path>>(std::move(images));
  return {.count = files->size(),
          .digest = [files](std::size_t i) { return hash_hex(MappedFile((*files)[i]).bytes()); },
          .load = [files, &encoder](std::size_t i) { return encoder.run((*files)[i]); }};
}

std::vector<TensorMap> take_tuning_samples(const FeatureSource& source,
                                           const ProgressFunction& progress) {
  const std::vector<std::size_t> chosen = chosen_images(source);
  std::vector<TensorMap> samples;
  for (const std::size_t i : chosen) {
    check_interrupt();
    progress(
        {.step = "sample", .part = "", .done = std::ssize(samples), .total = std::ssize(chosen)});
    samples.push_back(source.load(i));
    std::size_t bytes = 0;
    for (const auto& [name, tensor] : samples.back()) {
      bytes += tensor.size_bytes();
    }
    // For all that follow, as soon as it is known how large they are.
    require_memory(bytes * (chosen.size() + 1 - samples.size()),
                   "the features of the images that heads are tuned on");
  }
  return samples;
}

}  // namespace mtmi::calibration
