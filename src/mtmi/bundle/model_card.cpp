#include "mtmi/bundle/model_card.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/core.h>

#include "mtmi/bundle/toml_reader.h"
#include "mtmi/core/file.h"
#include "mtmi/core/log.h"
#include "mtmi/ops/data_movement.h"

namespace mtmi::bundle {
namespace {

constexpr std::int64_t kMaxClasses = 255;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

/// The value of that name among `ids`, or nothing.
std::optional<ValueId> find(const Graph& graph,
                            std::span<const ValueId> ids,
                            const std::string& name) {
  const auto it = std::find_if(
      ids.begin(), ids.end(), [&](ValueId id) { return graph.value(id).name == name; });
  return it == ids.end() ? std::nullopt : std::optional(*it);
}

vision::Preprocessing read_input(TomlReader& reader) {
  vision::Preprocessing p;
  if (const auto order = reader.get_string("color_order")) {
    if (*order != "rgb" && *order != "bgr") {
      reader.refuse("color_order", "rgb or bgr");
    }
    p.color_order = *order == "rgb" ? vision::ColorOrder::Rgb : vision::ColorOrder::Bgr;
  }
  p.mean = reader.get_triple("mean").value_or(p.mean);
  p.std = reader.get_triple("std").value_or(p.std);
  if (std::any_of(p.std.begin(), p.std.end(), [](float s) { return !(s > 0.0F); })) {
    reader.refuse("std", "three numbers above 0");
  }
  p.scale = reader.get_float("scale").value_or(p.scale);
  if (p.scale == 0.0F) {
    reader.refuse("scale", "a number that is not 0");
  }
  if (const auto policy = reader.get_string("size_policy")) {
    const auto parsed = vision::parse_size_policy(*policy);
    if (!parsed) {
      reader.refuse("size_policy", "refuse, stretch, crop or letterbox");
    }
    p.size_policy = *parsed;
  }
  reader.finish();
  return p;
}

vision::Color read_color(TomlReader& reader) {
  const auto rgb = reader.get_triple("color");
  const bool ok = rgb && std::all_of(rgb->begin(), rgb->end(), [](float c) {
                    return c >= 0.0F && c <= 255.0F;
                  });
  if (!ok) {
    reader.refuse("color", "[red, green, blue], each from 0 to 255");
  }
  return {.r = static_cast<std::uint8_t>((*rgb)[0]),
          .g = static_cast<std::uint8_t>((*rgb)[1]),
          .b = static_cast<std::uint8_t>((*rgb)[2])};
}

/// classes = 21, classes = "cityscapes", or a list of { name, color }.
SegmentationTask read_segmentation(TomlReader& reader) {
  if (reader.is_string("classes")) {
    if (reader.get_string("classes") != "cityscapes") {
      reader.refuse("classes", "a number, \"cityscapes\", or a list of { name, color }");
    }
    return {.classes = vision::cityscapes_palette()};
  }
  SegmentationTask task;
  for (TomlReader& entry : reader.get_tables("classes")) {
    const auto name = entry.get_string("name");
    if (!name) {
      entry.refuse("name", "a text in quotes");
    }
    task.classes.push_back({.name = *name, .color = read_color(entry)});
    entry.finish();
  }
  if (static_cast<std::int64_t>(task.classes.size()) > kMaxClasses) {
    reader.refuse("classes", "at most 255 of them");
  }
  return task;
}

DepthTask read_depth(TomlReader& reader) {
  const DepthTask defaults;
  DepthTask task{.scale = reader.get_float("scale").value_or(defaults.scale),
                 .offset = reader.get_float("offset").value_or(defaults.offset),
                 .cap = reader.get_float("cap").value_or(defaults.cap),
                 .canonical_focal = reader.get_float("canonical_focal")};
  if (task.canonical_focal && !(*task.canonical_focal > 0.0F)) {
    reader.refuse("canonical_focal", "pixels above 0");
  }
  if (!(task.cap > 0.0F)) {
    reader.refuse("cap", "metres above 0");
  }
  return task;
}

HeadTask read_task(TomlReader& reader) {
  const auto name = reader.get_string("task");
  HeadTask task;
  if (name == "segmentation") {
    task = read_segmentation(reader);
  } else if (name == "depth") {
    task = read_depth(reader);
  } else if (name != "raw") {
    reader.refuse("task", "segmentation, depth or raw");
  }
  reader.finish();
  return task;
}

/// The classes that the scores before an ArgMax have; 0 where `output` is no ArgMax over channels.
std::int64_t classes_of(const Graph& graph, ValueId output) {
  // A view may stand behind the ArgMax.
  ValueId at = output;
  for (auto producer = graph.producer(at); producer; producer = graph.producer(at)) {
    const Node& node = graph.node(*producer);
    if (node.op == "ArgMax") {
      const Shape scores = graph.type(node.inputs.front()).shape;
      const std::int64_t axis = node.attributes.get_int("axis", 0);
      return scores.rank() == 4 && (axis == 1 || axis == -3) ? scores[1] : 0;
    }
    if (ops::movement_of(node.op) != ops::Movement::View && node.op != "Cast") {
      return 0;
    }
    at = node.inputs.front();
  }
  return 0;
}

/// A segmentation whose card names no classes gets as many as the network has.
void complete(HeadTask& task, const Graph& graph, ValueId output) {
  auto* segmentation = std::get_if<SegmentationTask>(&task);
  if (segmentation == nullptr || !segmentation->classes.empty()) {
    return;
  }
  const std::int64_t from_scores = classes_of(graph, output);
  const Shape shape = graph.type(output).shape;
  const std::int64_t classes =
      from_scores > 0 ? from_scores : (shape.rank() == 4 && shape[1] > 1 ? shape[1] : 0);
  segmentation->classes = vision::default_palette(static_cast<int>(std::min(classes, kMaxClasses)));
}

HeadTask guess_task(const Graph& graph, ValueId output) {
  if (classes_of(graph, output) == 0) {
    return RawTask{};
  }
  HeadTask task = SegmentationTask{};
  complete(task, graph, output);
  return task;
}

bool takes_images(const TensorType& type) {
  const Shape& s = type.shape;
  return type.dtype == DType::Float32 && s.rank() == 4 && s[0] == 1 && s[1] == 3 && s[2] > 0 &&
         s[3] > 0;
}

std::string triple(const std::array<float, 3>& values) {
  return fmt::format("[{}, {}, {}]", values[0], values[1], values[2]);
}

std::string to_toml(const HeadTask& task) {
  return std::visit(
      Overloaded{
          [](const RawTask&) { return std::string("task = \"raw\"\n"); },
          [](const DepthTask& d) {
            const std::string focal =
                d.canonical_focal ? fmt::format("canonical_focal = {}\n", *d.canonical_focal) : "";
            return fmt::format("task = \"depth\"\nscale = {}\noffset = {}\ncap = {}\n",
                               d.scale,
                               d.offset,
                               d.cap) +
                   focal;
          },
          [](const SegmentationTask& s) {
            if (s.classes == vision::cityscapes_palette()) {
              return std::string("task = \"segmentation\"\nclasses = \"cityscapes\"\n");
            }
            std::string text = "task = \"segmentation\"\nclasses = [\n";
            for (const vision::LabelClass& c : s.classes) {
              text += fmt::format("  {{ name = {}, color = [{}, {}, {}] }},\n",
                                  toml_string(c.name),
                                  c.color.r,
                                  c.color.g,
                                  c.color.b);
            }
            return text + "]\n";
          },
      },
      task);
}

}  // namespace

std::string_view task_name(const HeadTask& task) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"raw", "segmentation", "depth"};
  return kNames[task.index()];
}

ModelCard parse_card(std::string_view text, const std::string& file, const Graph& graph) {
  const toml::table table = parse_toml(text, file);
  TomlReader top(table, file, "");
  ModelCard card = default_card(graph);
  card.from_file = true;
  if (auto model = top.get_table("model")) {
    card.name = model->get_string("name").value_or(card.name);
    model->finish();
  }
  if (auto inputs = top.get_table("input")) {
    for (auto& [name, reader] : inputs->all_tables()) {
      const auto input = find(graph, graph.inputs(), name);
      if (!input || !takes_images(graph.type(*input))) {
        inputs->refuse(name.c_str(), "the name of an input f32[1,3,H,W] of the network");
      }
      card.inputs.insert_or_assign(name, read_input(reader));
    }
  }
  if (auto outputs = top.get_table("output")) {
    for (auto& [name, reader] : outputs->all_tables()) {
      const auto output = find(graph, graph.outputs(), name);
      if (!output) {
        outputs->refuse(name.c_str(), "the name of an output of the network");
      }
      HeadTask task = read_task(reader);
      complete(task, graph, *output);
      card.outputs.insert_or_assign(name, std::move(task));
    }
  }
  top.finish();
  return card;
}

ModelCard default_card(const Graph& graph) {
  ModelCard card;
  card.name = graph.name;
  for (const ValueId input : graph.inputs()) {
    if (takes_images(graph.type(input))) {
      card.inputs.emplace(graph.value(input).name, vision::Preprocessing{});
    }
  }
  for (const ValueId output : graph.outputs()) {
    card.outputs.insert_or_assign(graph.value(output).name, guess_task(graph, output));
  }
  return card;
}

std::filesystem::path card_path(const std::filesystem::path& model) {
  return std::filesystem::path(model).replace_extension(".toml");
}

ModelCard find_card(const std::filesystem::path& model, const Graph& graph) {
  const std::filesystem::path path = card_path(model);
  if (std::filesystem::exists(path)) {
    return parse_card(MappedFile(path).text(), path.string(), graph);
  }
  log_info(
      "no model card " + path.string() +
      ": images are taken as RGB with ImageNet's mean and deviation, an ArgMax over channels as "
      "a segmentation, other outputs as raw numbers");
  return default_card(graph);
}

std::string to_toml(const ModelCard& card) {
  std::string text = "[model]\nname = " + toml_string(card.name) + "\n";
  for (const auto& [name, p] : card.inputs) {
    text += fmt::format(
        "\n[input.{}]\ncolor_order = \"{}\"\nmean = {}\nstd = {}\nscale = {}\nsize_policy = "
        "\"{}\"\n",
        toml_string(name),
        p.color_order == vision::ColorOrder::Rgb ? "rgb" : "bgr",
        triple(p.mean),
        triple(p.std),
        p.scale,
        vision::to_string(p.size_policy));
  }
  for (const auto& [name, task] : card.outputs) {
    text += fmt::format("\n[output.{}]\n", toml_string(name)) + to_toml(task);
  }
  return text;
}

}  // namespace mtmi::bundle
