#include "mtmi/deploy/samples.h"

#include <algorithm>
#include <utility>

#include "mtmi/graph/random_inputs.h"
#include "mtmi/vision/image.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::deploy {
Samples::Samples(Source& source,
                 const Simplified& simplified,
                 const std::vector<std::filesystem::path>& images,
                 std::size_t limit)
    : source_(source), card_hash_(simplified.card.hash) {
  if (simplified.takes_one_image) {
    images_.assign(images.begin(),
                   images.begin() + static_cast<std::ptrdiff_t>(std::min(images.size(), limit)));
  }
}

std::vector<std::string> Samples::hashes(KnownHashes& known, std::size_t count) const {
  if (images_.empty()) {
    return {"random"};
  }
  std::vector<std::string> hashes{card_hash_};
  for (std::size_t i = 0; i < count; ++i) {
    hashes.push_back(known.of(images_[i]));
  }
  return hashes;
}

TensorMap Samples::load(std::size_t index) {
  const Graph& graph = source_.graph();
  if (images_.empty()) {
    return random_inputs(graph, 0);
  }
  const vision::Preprocessing& preprocessing = source_.card().inputs.begin()->second;
  const ValueId input = graph.inputs().front();
  const Shape shape = graph.type(input).shape;
  if (!fitter_) {
    // Whatever the card wants at run time: here any image will do.
    fitter_.emplace(static_cast<int>(shape[2]),
                    static_cast<int>(shape[3]),
                    preprocessing.size_policy == vision::SizePolicy::Refuse
                        ? vision::SizePolicy::Stretch
                        : preprocessing.size_policy);
  }
  Tensor tensor(DType::Float32, shape);
  vision::preprocess(
      fitter_->fit(vision::read_image(images_[index])), preprocessing, tensor.data<float>());
  TensorMap sample;
  sample.emplace(graph.value(input).name, std::move(tensor));
  return sample;
}

}  // namespace mtmi::deploy
