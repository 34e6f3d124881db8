// What a network's outputs say of an image, in the terms of the truth.
#pragma once

#include <string>

#include "mtmi/bundle/model_card.h"
#include "mtmi/tensor.h"
#include "mtmi/vision/raster.h"

namespace mtmi::eval {

/// The class of each of height x width pixels.
///
/// `output` is a map of class ids, [1,H,W] or [1,1,H,W] of integers or whole floats, or one of
/// scores, floats [1,classes,H,W], of which the first largest wins. Ids outside of 0 .. 254 become
/// 255. Throws Error(InvalidModel) "output 'seg': got ..., expected ..." for anything else.
[[nodiscard]] vision::Gray8Image predicted_classes(
    const std::string& name, const Tensor& output, int classes, int height, int width);

/// The distance of each pixel for a camera of focal length `focal` [pixels], in metres:
/// task.scale * output + task.offset, times focal / task.canonical_focal where there is one.
///
/// `output` holds floats, [1,1,H,W] or [1,H,W]. Throws as predicted_classes().
[[nodiscard]] vision::FloatImage predicted_metres(const std::string& name,
                                                  const Tensor& output,
                                                  const bundle::DepthTask& task,
                                                  float focal,
                                                  int height,
                                                  int width);

}  // namespace mtmi::eval
