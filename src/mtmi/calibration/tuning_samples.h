// The few images on which a head is tuned: kept in memory, run as often as needed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "mtmi/calibration/runs.h"
#include "mtmi/core/progress.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"

namespace mtmi::calibration {

/// Means and peaks settle on fewer images than ranges do.
inline constexpr std::size_t kTuningImages = 32;

/// What heads read of images, by number.
struct FeatureSource {
  std::size_t count = 0;
  std::function<std::string(std::size_t)> digest;  ///< of the contents of an image
  std::function<TensorMap(std::size_t)> load;      ///< what the encoder makes of it
};

/// What `mtmi features` wrote. Throws as FeatureFolder.
[[nodiscard]] FeatureSource features_in(const std::filesystem::path& folder, const Graph& head);

/// Image files through an encoder, which must outlive the source.
[[nodiscard]] FeatureSource features_of(std::vector<std::filesystem::path> images,
                                        Encoder& encoder);

/// What heads read of at most kTuningImages images: those with the smallest digests, in the order
/// of these. So the order of images does not matter, nor that there are more of them. `progress` is
/// told of each (step "sample").
/// Throws Error(OutOfMemory), Error(Interrupted), and what the source throws.
[[nodiscard]] std::vector<TensorMap> take_tuning_samples(const FeatureSource& source,
                                                         const ProgressFunction& progress);

}  // namespace mtmi::calibration
