#include "mtmi/eval/evaluation.h"

#include <algorithm>
#include <future>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/error.h"
#include "mtmi/eval/predictions.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::eval {
namespace {

constexpr std::size_t kBlockPixels = std::size_t{1} << 16;

/// A scene with the network's input made of its image.
struct ReadyScene {
  TrueScene scene;
  TensorMap inputs;
};

ReadyScene read_scene(const SceneSet& scenes, const Experiment& experiment, std::size_t i) {
  ReadyScene ready{.scene = scenes.load(i), .inputs = {}};
  const vision::Image& image = ready.scene.image;
  const Shape& shape = experiment.input_shape;
  if (image.height() != shape[2] || image.width() != shape[3]) {
    throw Error(ErrorCode::InvalidModel,
                "eval::evaluate",
                "scene '" + ready.scene.name + "': got an image of " + size_text(image) +
                    ", expected " + std::to_string(shape[2]) + "x" + std::to_string(shape[3]) +
                    " as input '" + experiment.input + "' of the network");
  }
  Tensor tensor(DType::Float32, shape);
  vision::preprocess(image, experiment.card.inputs.at(experiment.input), tensor.data<float>());
  ready.inputs.emplace(experiment.input, std::move(tensor));
  return ready;
}

/// The input and what is computed of it once.
TensorMap shared_values(const Experiment& experiment, TensorMap inputs) {
  TensorMap values = experiment.shared ? experiment.shared(inputs) : TensorMap{};
  values.merge(inputs);
  return values;
}

/// Calls measure(begin, end, block) for all blocks of `pixels` pixels, in parallel.
template <class F>
void for_blocks(std::size_t pixels, const F& measure) {
  const std::size_t blocks = (pixels + kBlockPixels - 1) / kBlockPixels;
  thread_pool().parallel_for(static_cast<std::int64_t>(blocks), [&](std::int64_t block) {
    const auto at = static_cast<std::size_t>(block);
    measure(at * kBlockPixels, std::min(pixels, (at + 1) * kBlockPixels), at);
  });
}

vision::ConfusionMatrix count_classes(const vision::Gray8Image& truth,
                                      const vision::Gray8Image& predicted,
                                      int classes) {
  const std::size_t pixels = truth.data().size();
  std::vector<vision::ConfusionMatrix> parts(pixels / kBlockPixels + 1,
                                             vision::ConfusionMatrix(classes));
  for_blocks(pixels, [&](std::size_t begin, std::size_t end, std::size_t block) {
    parts[block].add(truth.data().subspan(begin, end - begin),
                     predicted.data().subspan(begin, end - begin));
  });
  for (std::size_t i = 1; i < parts.size(); ++i) {
    parts.front() += parts[i];
  }
  return std::move(parts.front());
}

vision::DepthErrors measure_depth(const vision::FloatImage& truth,
                                  const vision::FloatImage& predicted,
                                  float cap) {
  const std::size_t pixels = truth.data().size();
  std::vector<vision::DepthErrors> parts(pixels / kBlockPixels + 1);
  for_blocks(pixels, [&](std::size_t begin, std::size_t end, std::size_t block) {
    parts[block].add(truth.data().subspan(begin, end - begin),
                     predicted.data().subspan(begin, end - begin),
                     cap);
  });
  for (std::size_t i = 1; i < parts.size(); ++i) {
    parts.front() += parts[i];
  }
  return parts.front();
}

/// The record of `output`, made where it is the first of its kind.
HeadRecord& record_of(VariantRecord& variant, const std::string& output) {
  const auto at = std::find_if(variant.heads.begin(), variant.heads.end(), [&](const auto& head) {
    return head.output >= output;
  });
  if (at != variant.heads.end() && at->output == output) {
    return *at;
  }
  return *variant.heads.insert(
      at, {.output = output, .segmentation = {}, .confusion = std::nullopt, .depth = {}});
}

void check_experiment(const Experiment& experiment) {
  MTMI_ASSERT(experiment.card.inputs.contains(experiment.input) &&
              experiment.input_shape.rank() == 4);
  bool any = false;
  for (const auto& [name, task] : experiment.card.outputs) {
    const auto* segmentation = std::get_if<bundle::SegmentationTask>(&task);
    if (segmentation != nullptr && segmentation->classes.empty()) {
      throw Error(ErrorCode::InvalidModel,
                  "eval::evaluate",
                  "output '" + name +
                      "': got a segmentation of unknown classes, expected them in "
                      "the model card");
    }
    any = any || segmentation != nullptr || std::holds_alternative<bundle::DepthTask>(task);
  }
  if (!any) {
    throw Error(ErrorCode::Unsupported,
                "eval::evaluate",
                "no output is a segmentation or a depth: say so in the model card");
  }
}

}  // namespace

void add_scene(const TrueScene& scene,
               const bundle::ModelCard& card,
               const TensorMap& outputs,
               VariantRecord& record) {
  const int height = scene.image.height();
  const int width = scene.image.width();
  for (const auto& [name, tensor] : outputs) {
    const auto found = card.outputs.find(name);
    if (found == card.outputs.end()) {
      continue;
    }
    if (const auto* task = std::get_if<bundle::SegmentationTask>(&found->second)) {
      HeadRecord& head = record_of(record, name);
      const auto classes = static_cast<int>(task->classes.size());
      const vision::ConfusionMatrix matrix = count_classes(
          scene.labels, predicted_classes(name, tensor, classes, height, width), classes);
      head.segmentation.push_back(vision::class_counts(matrix));
      if (head.confusion) {
        *head.confusion += matrix;
      } else {
        head.confusion = matrix;
      }
    } else if (const auto* depth = std::get_if<bundle::DepthTask>(&found->second)) {
      HeadRecord& head = record_of(record, name);
      head.depth.push_back(
          measure_depth(scene.depth,
                        predicted_metres(name, tensor, *depth, scene.focal, height, width),
                        std::clamp(depth->cap, 1.0F, vision::kLargestDepthCap)));
    }
  }
}

double HeadRecord::scene_loss(std::size_t scene) const {
  return is_depth() ? vision::depth_metrics(depth[scene]).abs_rel
                    : 1.0 - vision::segmentation_metrics(segmentation[scene]).miou;
}

const HeadRecord* VariantRecord::find(std::string_view output) const noexcept {
  const auto at = std::find_if(
      heads.begin(), heads.end(), [&](const HeadRecord& head) { return head.output == output; });
  return at == heads.end() ? nullptr : &*at;
}

vision::SegmentationMetrics segmentation_of(const HeadRecord& record) {
  MTMI_ASSERT(record.confusion.has_value());
  return vision::segmentation_metrics(vision::class_counts(*record.confusion));
}

vision::DepthMetrics depth_over_pixels(const HeadRecord& record) {
  vision::DepthErrors sum;
  for (const vision::DepthErrors& scene : record.depth) {
    sum += scene;
  }
  return vision::depth_metrics(sum);
}

PreparedScene prepare(const SceneSet& scenes, const Experiment& experiment, std::size_t i) {
  ReadyScene ready = read_scene(scenes, experiment, i);
  return {.scene = std::move(ready.scene),
          .values = shared_values(experiment, std::move(ready.inputs))};
}

VariantRecord evaluate_one(std::span<const PreparedScene> scenes,
                           const bundle::ModelCard& card,
                           const Variant& variant) {
  VariantRecord record{.name = variant.name, .heads = {}};
  for (const PreparedScene& scene : scenes) {
    check_interrupt();
    add_scene(scene.scene, card, variant.model(scene.values), record);
  }
  return record;
}

Evaluation evaluate(const SceneSet& scenes,
                    const Experiment& experiment,
                    FunctionRef<void(std::size_t)> on_scene) {
  check_experiment(experiment);
  Evaluation evaluation;
  for (const Variant& variant : experiment.variants) {
    evaluation.variants.push_back({.name = variant.name, .heads = {}});
  }
  const auto start_reading = [&](std::size_t i) {
    return std::async(std::launch::async, read_scene, std::cref(scenes), std::cref(experiment), i);
  };
  std::future<ReadyScene> next = start_reading(0);
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    check_interrupt();
    ReadyScene ready = next.get();
    if (i + 1 < scenes.size()) {
      next = start_reading(i + 1);
    }
    const TensorMap values = shared_values(experiment, std::move(ready.inputs));
    for (std::size_t v = 0; v < experiment.variants.size(); ++v) {
      add_scene(ready.scene,
                experiment.card,
                experiment.variants[v].model(values),
                evaluation.variants[v]);
    }
    evaluation.scenes.push_back(ready.scene.name);
    on_scene(i + 1);
  }
  return evaluation;
}

}  // namespace mtmi::eval
