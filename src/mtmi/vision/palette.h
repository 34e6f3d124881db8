// Names and colours of the classes of a segmentation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mtmi/vision/color.h"

namespace mtmi::vision {

/// The label of pixels that belong to no class, as in Cityscapes.
inline constexpr std::uint8_t kIgnoreLabel = 255;

/// One class of a segmentation.
struct LabelClass {
  std::string name;
  Color color;

  bool operator==(const LabelClass&) const = default;
};

/// The classes in the order of their ids.
using Palette = std::vector<LabelClass>;

/// The 19 classes that Cityscapes trains and evaluates on, with its own colours: road is 0, ...,
/// bicycle is 18 (cityscapesScripts, helpers/labels.py, column trainId).
[[nodiscard]] const Palette& cityscapes_palette();

/// `count` classes "class 0", "class 1", ... in colours that neighbours in the list do not share.
/// Pre: 0 <= count <= 255.
[[nodiscard]] Palette generic_palette(int count);

/// What fits `count` classes of which nothing else is known: Cityscapes for 19, else generic.
[[nodiscard]] Palette default_palette(int count);

}  // namespace mtmi::vision
