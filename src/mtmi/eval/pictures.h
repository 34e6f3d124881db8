// Figures that show where results are wrong, one variant beside another.
#pragma once

#include <string>
#include <vector>

#include "mtmi/bundle/model_card.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/vision/raster.h"

namespace mtmi::eval {

/// What one variant gave for a scene.
struct ShownVariant {
  std::string name;
  TensorMap outputs;
};

/// The `count` scenes (fewer if there are fewer) that lost most, the worst first. Scenes
/// of equal loss stand in their order.
[[nodiscard]] std::vector<std::size_t> worst_scenes(const HeadRecord& record, std::size_t count);

/// The image and what every variant says of it in the first row; the truth and where each variant
/// is wrong below. Segmentations: pixels of another class than the true one. Depths: |p - t| / t,
/// up to a half. Pre: the card has a segmentation or a depth for `output`, and every variant gave
/// it. Throws as predicted_classes().
[[nodiscard]] vision::Image draw_comparison(const TrueScene& scene,
                                            const std::string& output,
                                            const bundle::HeadTask& task,
                                            std::span<const ShownVariant> variants);

}  // namespace mtmi::eval
