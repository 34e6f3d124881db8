// Variants of a network against the truth of many scenes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/bundle/model_card.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/eval/scene_set.h"
#include "mtmi/vision/depth_metrics.h"
#include "mtmi/vision/segmentation_metrics.h"

namespace mtmi::eval {

/// Some part of a network: values by name in, values by name out, row-major, in real numbers.
using Model = std::function<TensorMap(const TensorMap&)>;

/// One way to compute the network's outputs.
struct Variant {
  std::string name;
  /// From what Experiment::shared gives to outputs of the network; those that it leaves out were
  /// not to be measured.
  Model model;
};

/// What is evaluated.
struct Experiment {
  bundle::ModelCard card;
  std::string input;  ///< the one that takes images
  Shape input_shape;  ///< [1,3,H,W]
  /// Once per scene, from the input: what all variants read (features). Its result is theirs
  /// together with the input. Empty: nothing.
  Model shared;
  std::vector<Variant> variants;  ///< the first is what others are compared with
};

/// How one output of one variant did, scene by scene. A segmentation or a depth.
struct HeadRecord {
  std::string output;
  std::vector<std::vector<vision::ClassCounts>> segmentation;  ///< by scene, then by class
  std::optional<vision::ConfusionMatrix> confusion;            ///< of all scenes
  std::vector<vision::DepthErrors> depth;                      ///< by scene

  [[nodiscard]] bool is_depth() const noexcept { return !depth.empty(); }

  /// Segmentation: 1 - mIoU of the scene; depth: its AbsRel. Pre: scene < number of scenes.
  [[nodiscard]] double scene_loss(std::size_t scene) const;
};

struct VariantRecord {
  std::string name;
  std::vector<HeadRecord> heads;  ///< by output name

  /// nullptr where the variant has no such output.
  [[nodiscard]] const HeadRecord* find(std::string_view output) const noexcept;
};

struct Evaluation {
  std::vector<std::string> scenes;
  std::vector<VariantRecord> variants;
};

/// mIoU and the like are of all pixels of all scenes, as the Cityscapes benchmark has them.
/// Pre: !record.is_depth().
[[nodiscard]] vision::SegmentationMetrics segmentation_of(const HeadRecord& record);

/// Over all pixels of all scenes. Pre: record.is_depth().
[[nodiscard]] vision::DepthMetrics depth_over_pixels(const HeadRecord& record);

/// A scene with all that variants read of it.
struct PreparedScene {
  TrueScene scene;
  TensorMap values;  ///< the input, and what Experiment::shared makes of it
};

/// Scene `i`, read, and run through what is shared. Throws Error(InvalidModel) naming the scene
/// whose image has not the size of the input, and what reading and running throw.
[[nodiscard]] PreparedScene prepare(const SceneSet& scenes,
                                    const Experiment& experiment,
                                    std::size_t i);

/// Adds what `outputs` of the network are worth on one scene.
/// Throws Error(InvalidModel) for an output that is not what its task needs.
void add_scene(const TrueScene& scene,
               const bundle::ModelCard& card,
               const TensorMap& outputs,
               VariantRecord& record);

/// One variant on scenes that are kept in memory: for many variants on few scenes.
/// Throws as evaluate().
[[nodiscard]] VariantRecord evaluate_one(std::span<const PreparedScene> scenes,
                                         const bundle::ModelCard& card,
                                         const Variant& variant);

/// Runs every variant on every scene; the next scene is read meanwhile. Exact sums: the same for
/// any number of threads. `on_scene` is told how many scenes are done.
///
/// Throws Error(Unsupported) if no output of the network is a segmentation or a depth;
/// Error(InvalidModel) for an output that is not what its task needs; what prepare() throws;
/// Error(Interrupted).
[[nodiscard]] Evaluation evaluate(const SceneSet& scenes,
                                  const Experiment& experiment,
                                  FunctionRef<void(std::size_t)> on_scene);

}  // namespace mtmi::eval
