#include "mtmi/cli/hand_off_table.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "mtmi/cli/table.h"
#include "mtmi/device/layout.h"

namespace mtmi::cli {
namespace {

/// One format in which a tensor may be handed over.
struct Format {
  std::string_view name;
  DType dtype;
  Layout layout;
};

constexpr Format kFormats[] = {
    {"f32 linear", DType::Float32, Layout::Linear},
    {"f16 chw16", DType::Float16, Layout::Chw16},
    {"int8 chw32", DType::Int8, Layout::Chw32},
};

/// A graph's input or output in one format. `strides` only where the layout has them: rank 4.
struct HandOff {
  std::string role;
  std::string tensor;
  Format format;
  std::size_t bytes = 0;
  std::optional<LayoutStrides> strides;
};

void add_hand_offs(const Graph& graph,
                   std::span<const ValueId> ids,
                   const char* role,
                   std::vector<HandOff>& list) {
  for (const ValueId id : ids) {
    const TensorType type = graph.type(id);
    const std::string& name = graph.value(id).name;
    const bool is_map = type.shape.rank() == 4;
    if (!is_map || type.dtype != DType::Float32) {
      const TensorDesc desc{.name = name, .dtype = type.dtype, .shape = type.shape};
      list.push_back({role,
                      name,
                      {to_string(type.dtype), type.dtype, Layout::Linear},
                      size_bytes_of(desc),
                      std::nullopt});
      continue;
    }
    for (const Format& format : kFormats) {
      const TensorDesc desc{
          .name = name, .dtype = format.dtype, .shape = type.shape, .layout = format.layout};
      list.push_back({role, name, format, size_bytes_of(desc), strides_of(desc)});
    }
  }
}

std::vector<HandOff> hand_offs_of(const Graph& graph) {
  std::vector<HandOff> list;
  add_hand_offs(graph, graph.inputs(), "input", list);
  add_hand_offs(graph, graph.outputs(), "output", list);
  return list;
}

}  // namespace

std::string hand_off_table(const Graph& graph) {
  Table table({"", "tensor", "format", "bytes", "line stride", "surface stride"});
  for (const HandOff& hand_off : hand_offs_of(graph)) {
    const auto& strides = hand_off.strides;
    table.add_row({hand_off.role,
                   hand_off.tensor,
                   std::string(hand_off.format.name),
                   std::to_string(hand_off.bytes),
                   strides ? std::to_string(strides->row) : "",
                   strides ? std::to_string(strides->plane) : ""});
  }
  return table.to_string();
}

nlohmann::json hand_offs_to_json(const Graph& graph) {
  nlohmann::json list = nlohmann::json::array();
  for (const HandOff& hand_off : hand_offs_of(graph)) {
    nlohmann::json entry{{"role", hand_off.role},
                         {"tensor", hand_off.tensor},
                         {"type", to_string(hand_off.format.dtype)},
                         {"layout", to_string(hand_off.format.layout)},
                         {"bytes", hand_off.bytes}};
    if (hand_off.strides) {
      entry["line_stride"] = hand_off.strides->row;
      entry["surface_stride"] = hand_off.strides->plane;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace mtmi::cli
