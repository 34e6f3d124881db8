#include "mtmi/calibration/runs.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/error.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/version.h"

namespace mtmi::calibration {
namespace {

/// The one input of an encoder. Throws Error(InvalidArgument).
ValueId image_input(const Graph& graph) {
  if (graph.inputs().size() != 1 || graph.type(graph.inputs()[0]).dtype != DType::Float32) {
    throw Error(ErrorCode::InvalidArgument,
                "calibration::Encoder",
                "images go to an encoder with one input of f32 only: give features as .npy files");
  }
  return graph.inputs()[0];
}

}  // namespace

FeatureRuns::FeatureRuns(const std::filesystem::path& folder, ObservedModel& head)
    : folder_(folder), head_(head), features_(folder, head.inputs()) {}

std::string FeatureRuns::name(std::size_t i) const {
  return (folder_ / features_.name(i)).string();
}

std::string FeatureRuns::digest(std::size_t i) {
  Hasher hasher;
  for (const auto& [name, tensor] : features_.load(i)) {
    hasher.update(tensor.bytes());  // of a size that the context knows
  }
  return hasher.hex_digest();
}

void FeatureRuns::run(std::size_t i, const quant::TensorObserver& observe) {
  head_.run(features_.load(i), observe);
}

Encoder::Encoder(const Backend& backend,
                 const Graph& graph,
                 const vision::Preprocessing& preprocessing)
    : input_(graph.value(image_input(graph)).name),
      loader_(graph.type(image_input(graph)).shape, preprocessing),
      session_(backend, graph, {}) {
  Hasher hasher;
  hasher.update(quant::graph_hash(graph));
  hasher.update(backend.capabilities().front().name);
  hasher.update(std::string_view(version()));
  hasher.update(loader_.digest());
  digest_ = hasher.hex_digest();
}

TensorMap Encoder::run(const std::filesystem::path& image) {
  const TensorMap inputs{{input_, loader_.load(image)}};
  TensorMap tensors = session_.run(inputs);
  tensors.insert(inputs.begin(), inputs.end());
  return tensors;
}

ImageRuns::ImageRuns(std::vector<std::filesystem::path> images,
                     Encoder& encoder,
                     std::vector<ObservedModel*> heads)
    : images_(std::move(images)), encoder_(encoder), heads_(std::move(heads)) {}

std::string ImageRuns::digest(std::size_t i) {
  return hash_hex(MappedFile(images_[i]).bytes());
}

void ImageRuns::run(std::size_t i, const quant::TensorObserver& observe) {
  const TensorMap features = encoder_.run(images_[i]);
  for (ObservedModel* head : heads_) {
    head->run(features, observe);
  }
}

std::string ImageRuns::context() const {
  Hasher hasher;
  hasher.update(encoder_.digest());
  for (const ObservedModel* head : heads_) {
    hasher.update(head->digest());
  }
  return hasher.hex_digest();
}

}  // namespace mtmi::calibration
