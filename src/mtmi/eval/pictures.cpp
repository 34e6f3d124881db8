#include "mtmi/eval/pictures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "mtmi/core/assert.h"
#include "mtmi/eval/predictions.h"
#include "mtmi/vision/picture.h"

namespace mtmi::eval {
namespace {

using vision::Panel;

constexpr int kPanelWidth = 512;
constexpr float kWorstShownError = 0.5F;

const vision::Palette& error_palette() {
  static const vision::Palette palette{{.name = "right", .color = {.r = 70, .g = 74, .b = 82}},
                                       {.name = "wrong", .color = {.r = 235, .g = 64, .b = 52}}};
  return palette;
}

/// 1 where the class is another than the true one, 255 where none is known.
vision::Gray8Image wrong_pixels(const vision::Gray8Image& truth,
                                const vision::Gray8Image& predicted,
                                std::size_t classes) {
  vision::Gray8Image wrong(truth.height(), truth.width(), vision::kIgnoreLabel);
  for (std::size_t i = 0; i < truth.data().size(); ++i) {
    if (truth.data()[i] < classes) {
      wrong.data()[i] = truth.data()[i] == predicted.data()[i] ? 0 : 1;
    }
  }
  return wrong;
}

/// |p - t| / t; NaN where no distance is known.
vision::FloatImage relative_errors(const vision::FloatImage& truth,
                                   const vision::FloatImage& predicted,
                                   float cap) {
  vision::FloatImage errors(truth.height(), truth.width(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < truth.data().size(); ++i) {
    const float t = truth.data()[i];
    if (t > 0.0F && t <= cap) {
      errors.data()[i] = std::abs(std::min(predicted.data()[i], cap) - t) / t;
    }
  }
  return errors;
}

/// Panels of a variant: what it says, and where that is wrong.
struct PanelPair {
  Panel said;
  Panel wrong;
};

PanelPair segmentation_panels(const TrueScene& scene,
                              const std::string& output,
                              const bundle::SegmentationTask& task,
                              const ShownVariant& variant) {
  const vision::Gray8Image classes = predicted_classes(output,
                                                       variant.outputs.at(output),
                                                       static_cast<int>(task.classes.size()),
                                                       scene.image.height(),
                                                       scene.image.width());
  return {.said =
              vision::SegmentationPanel{
                  .title = variant.name, .labels = classes, .palette = task.classes},
          .wrong = vision::SegmentationPanel{
              .title = "Wrong in " + variant.name,
              .labels = wrong_pixels(scene.labels, classes, task.classes.size()),
              .palette = error_palette(),
              .opacity = 0.8F}};
}

PanelPair depth_panels(const TrueScene& scene,
                       const std::string& output,
                       const bundle::DepthTask& task,
                       const ShownVariant& variant) {
  const vision::FloatImage metres = predicted_metres(output,
                                                     variant.outputs.at(output),
                                                     task,
                                                     scene.focal,
                                                     scene.image.height(),
                                                     scene.image.width());
  return {.said = vision::DepthPanel{.title = variant.name, .metres = metres, .far = task.cap},
          .wrong = vision::HeatPanel{.title = "Relative error of " + variant.name,
                                     .values = relative_errors(scene.depth, metres, task.cap),
                                     .low = 0.0F,
                                     .high = kWorstShownError}};
}

Panel truth_panel(const TrueScene& scene, const bundle::HeadTask& task) {
  if (const auto* segmentation = std::get_if<bundle::SegmentationTask>(&task)) {
    return vision::SegmentationPanel{
        .title = "Truth", .labels = scene.labels, .palette = segmentation->classes};
  }
  return vision::DepthPanel{
      .title = "Truth", .metres = scene.depth, .far = std::get<bundle::DepthTask>(task).cap};
}

}  // namespace

std::vector<std::size_t> worst_scenes(const HeadRecord& record, std::size_t count) {
  std::vector<double> losses(record.is_depth() ? record.depth.size() : record.segmentation.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    losses[i] = record.scene_loss(i);
  }
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return losses[a] > losses[b];
  });
  order.resize(std::min(count, order.size()));
  return order;
}

vision::Image draw_comparison(const TrueScene& scene,
                              const std::string& output,
                              const bundle::HeadTask& task,
                              std::span<const ShownVariant> variants) {
  MTMI_ASSERT(!variants.empty() && !std::holds_alternative<bundle::RawTask>(task));
  std::vector<Panel> panels;
  std::vector<Panel> below{truth_panel(scene, task)};
  for (const ShownVariant& variant : variants) {
    const auto* segmentation = std::get_if<bundle::SegmentationTask>(&task);
    PanelPair pair = segmentation != nullptr
                         ? segmentation_panels(scene, output, *segmentation, variant)
                         : depth_panels(scene, output, std::get<bundle::DepthTask>(task), variant);
    panels.push_back(std::move(pair.said));
    below.push_back(std::move(pair.wrong));
  }
  panels.insert(panels.end(), below.begin(), below.end());
  return vision::compose_figure(scene.image,
                                panels,
                                {.input_title = "Scene " + scene.name,
                                 .panel_width = kPanelWidth,
                                 .panels_per_row = static_cast<int>(variants.size()) + 1});
}

}  // namespace mtmi::eval
