// The inputs that parts are calibrated and verified on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/deploy/known_hashes.h"
#include "mtmi/deploy/simplify.h"
#include "mtmi/deploy/source.h"
#include "mtmi/vision/fit.h"

namespace mtmi::deploy {

/// The first images, prepared as the model card says (those of another size are stretched where
/// the card would refuse them), or one seeded random tensor per input where the network does not
/// take one image or there are no images. Read one at a time. Thread-compatible.
class Samples {
 public:
  /// At most `limit` of the images.
  Samples(Source& source,
          const Simplified& simplified,
          const std::vector<std::filesystem::path>& images,
          std::size_t limit);

  [[nodiscard]] std::size_t count() const noexcept { return images_.empty() ? 1 : images_.size(); }

  /// What the first `count` samples are made from: the card and each image; "random" where they are
  /// not images.
  [[nodiscard]] std::vector<std::string> hashes(KnownHashes& known, std::size_t count) const;

  /// Throws what vision::read_image() throws. Pre: index < count().
  [[nodiscard]] TensorMap load(std::size_t index);

 private:
  Source& source_;
  std::string card_hash_;
  std::vector<std::filesystem::path> images_;
  std::optional<vision::ImageFitter> fitter_;
};

}  // namespace mtmi::deploy
