// What the inputs and outputs of a network mean: MODEL.toml beside the ONNX file
// (docs/model-card.md).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "mtmi/graph/graph.h"
#include "mtmi/vision/palette.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::bundle {

/// The output holds a class id per pixel, or a score per class and pixel.
struct SegmentationTask {
  vision::Palette classes;  ///< by id
  bool operator==(const SegmentationTask&) const = default;
};

/// metres = scale * output + offset, at most cap; for a camera of another focal length f than the
/// canonical one F, times f / F.
struct DepthTask {
  float scale = 1.0F;
  float offset = 0.0F;  ///< [m]
  float cap = 80.0F;    ///< [m]
  /// For which the metres hold [pixels of the network's input]; nothing: they hold for any camera.
  std::optional<float> canonical_focal = {};
  bool operator==(const DepthTask&) const = default;
};

/// Numbers of which nothing is known.
struct RawTask {
  bool operator==(const RawTask&) const = default;
};

using HeadTask = std::variant<RawTask, SegmentationTask, DepthTask>;

/// "raw", "segmentation", "depth".
[[nodiscard]] std::string_view task_name(const HeadTask& task) noexcept;

/// A value. Every image input of the network has its preprocessing, every output its task.
struct ModelCard {
  std::string name;
  std::map<std::string, vision::Preprocessing> inputs;
  std::map<std::string, HeadTask> outputs;
  /// False where no file said so and default_card() guessed.
  bool from_file = false;
};

/// The card in `text` for the network `graph`, whose inputs and outputs it must name; those that it
/// leaves out get the defaults. `file` names it in errors. Throws Error(InvalidModel) naming the
/// line.
[[nodiscard]] ModelCard parse_card(std::string_view text,
                                   const std::string& file,
                                   const Graph& graph);

/// Without a card: ImageNet's preprocessing for inputs [1,3,H,W]; an output made by ArgMax over
/// channels is a segmentation, everything else raw. Pre: graph.is_static().
[[nodiscard]] ModelCard default_card(const Graph& graph);

/// Where the card of the ONNX file `model` stands: MODEL.toml for MODEL.onnx.
[[nodiscard]] std::filesystem::path card_path(const std::filesystem::path& model);

/// The card at card_path(), or default_card() where there is none, which is said in one line.
/// Throws as parse_card(), and Error(Io).
[[nodiscard]] ModelCard find_card(const std::filesystem::path& model, const Graph& graph);

/// The text of a card, which parse_card() reads back as the same value.
[[nodiscard]] std::string to_toml(const ModelCard& card);

}  // namespace mtmi::bundle
