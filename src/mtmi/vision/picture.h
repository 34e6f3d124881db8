// Figures: an image beside what the network's heads say about it.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <variant>

#include "mtmi/vision/colormap.h"
#include "mtmi/vision/palette.h"
#include "mtmi/vision/raster.h"

namespace mtmi::vision {

/// Class ids, of any size (scaled to the input's by nearest neighbours). Ids that the palette
/// lacks, such as kIgnoreLabel, are drawn dark and do not stand in the legend.
struct SegmentationPanel {
  std::string title = "Segmentation";
  Gray8Image labels = {};
  Palette palette = {};
  float opacity = 0.65F;  ///< of the colours over the input; 1 shows them flat
};

/// Distances [m], of any size. Values <= 0 and NaN are no depth: they are drawn dark.
struct DepthPanel {
  std::string title = "Depth";
  FloatImage metres = {};
  float near = 2.0F;  ///< the ends of the colour scale [m]; 0 < near < far
  float far = 80.0F;
  bool logarithmic = true;   ///< equal ratios take equal steps of colour; else equal distances
  bool near_is_warm = true;  ///< near is the upper end of the colour map; else far is
  ColorMap map = ColorMap::Turbo;
};

/// Any numbers, of any size.
struct HeatPanel {
  std::string title = {};
  FloatImage values = {};
  /// The ends of the colour scale; where one is NaN it is taken from the finite values.
  float low = std::numeric_limits<float>::quiet_NaN();
  float high = std::numeric_limits<float>::quiet_NaN();
  std::string unit = {};  ///< written behind the scale's numbers
  ColorMap map = ColorMap::Viridis;
};

using Panel = std::variant<SegmentationPanel, DepthPanel, HeatPanel>;

struct FigureStyle {
  std::string input_title = "Input";
  int panel_width = 640;   ///< [pixels]; the height follows from the input's aspect ratio
  int panels_per_row = 0;  ///< input included; 0: all in one row up to four
};

/// The input and one panel per head, side by side, each with a title and, below it, its legend (the
/// classes that are present, by area) or its labelled colour scale. Text grows with panel_width.
/// Pre: no raster is empty; panel_width >= 64. Throws Error(OutOfMemory).
[[nodiscard]] Image compose_figure(const Image& input,
                                   std::span<const Panel> panels,
                                   const FigureStyle& style = {});

/// The palette's colours of `labels` alone, one pixel per label.
[[nodiscard]] Image color_labels(const Gray8Image& labels, const Palette& palette);

/// The colours of `panel.metres` alone, one pixel per value.
[[nodiscard]] Image color_depth(const DepthPanel& panel);

}  // namespace mtmi::vision
