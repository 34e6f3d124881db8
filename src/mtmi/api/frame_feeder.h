// Writes the caller's frames where the stages read them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mtmi/bundle/model_card.h"
#include "mtmi/pipeline.h"
#include "mtmi/plan/plan.h"
#include "mtmi/vision/fit.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi {

/// check() is thread-safe; fill() is for one thread at a time.
class FrameFeeder {
 public:
  /// `fit` replaces the size policies of `card`.
  FrameFeeder(const Plan& plan, const bundle::ModelCard& card, std::optional<ImageFit> fit);

  /// Throws Error(InvalidArgument) naming an input that is missing, unknown, given twice, or of
  /// another type or shape.
  void check(const Frame& frame) const;
  /// One span per frame_inputs(plan). Allocates only when an image has another size than the last
  /// one. Throws Error(InvalidArgument) for an image of a size that is refused. Pre: check()
  /// passed.
  void fill(const Frame& frame, std::span<const std::span<std::byte>> inputs);

 private:
  struct Input {
    TensorDesc desc;
    bool takes_image = false;
    vision::Preprocessing preprocessing;
    std::optional<vision::ImageFitter> fitter;
  };

  void fill_image(Input& input, const ImageView& view, std::span<std::byte> dst);

  std::vector<Input> inputs_;
  vision::Image image_;  // the last view's pixels
};

}  // namespace mtmi
