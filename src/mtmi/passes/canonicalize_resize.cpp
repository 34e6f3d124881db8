#include "mtmi/passes/canonicalize_resize.h"

#include <algorithm>
#include <optional>
#include <string>

#include "mtmi/ops/resize.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/node_context.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "canonicalize_resize";

/// The scales of all axes as float32; nothing where one would be rounded.
std::optional<std::vector<float>> exact_scales(const ops::ResizeGeometry& geometry) {
  std::vector<float> scales;
  for (const ops::ResizeAxis& axis : geometry.axes) {
    const auto scale = static_cast<float>(axis.scale);
    if (static_cast<double>(scale) != axis.scale ||
        static_cast<double>(scale) * static_cast<double>(axis.in) !=
            static_cast<double>(axis.out)) {
      return std::nullopt;
    }
    scales.push_back(scale);
  }
  return scales;
}

/// The mode under the name "half_pixel" where it gives the same coordinates.
std::string canonical_coordinates(const ops::ResizeGeometry& geometry, const std::string& mode) {
  const auto differs = [&geometry](const ops::ResizeAxis& axis) {
    const bool is_exact =
        axis.scale * static_cast<double>(axis.in) == static_cast<double>(axis.out);
    return geometry.rule.coordinates == ops::CoordinateMode::PytorchHalfPixel
               ? axis.out == 1 && axis.in != 1
               : !is_exact;
  };
  const bool is_variant = geometry.rule.coordinates == ops::CoordinateMode::PytorchHalfPixel ||
                          geometry.rule.coordinates == ops::CoordinateMode::HalfPixelSymmetric;
  const bool is_same =
      is_variant && std::none_of(geometry.axes.begin(), geometry.axes.end(), differs);
  return is_same ? "half_pixel" : mode;
}

void drop_if(Attributes& attributes, std::string_view name, bool condition) {
  if (condition) {
    attributes.erase(name);
  }
}

/// The attributes that matter. `axes` and `keep_aspect_ratio_policy` are for sizes and for scales
/// of some axes: not needed once the scales of all axes are written.
Attributes canonical_attributes(const Attributes& old,
                                const ops::ResizeGeometry& geometry,
                                bool by_scales) {
  const ops::ResizeRule& rule = geometry.rule;
  Attributes attributes = old;
  const std::string coordinates = canonical_coordinates(
      geometry, old.get_string("coordinate_transformation_mode", "half_pixel"));
  attributes.set("coordinate_transformation_mode", coordinates);
  const bool shrinks = std::any_of(geometry.axes.begin(),
                                   geometry.axes.end(),
                                   [](const auto& axis) { return axis.scale < 1.0; });
  const bool antialias = rule.antialias && shrinks;
  drop_if(attributes, "coordinate_transformation_mode", coordinates == "half_pixel");
  drop_if(attributes, "mode", rule.mode == ops::ResizeMode::Nearest);
  drop_if(attributes, "antialias", !antialias);
  drop_if(
      attributes, "cubic_coeff_a", rule.mode != ops::ResizeMode::Cubic || rule.cubic_a == -0.75);
  drop_if(attributes,
          "exclude_outside",
          !rule.exclude_outside || (rule.mode != ops::ResizeMode::Cubic && !antialias));
  drop_if(
      attributes, "extrapolation_value", rule.coordinates != ops::CoordinateMode::TfCropAndResize);
  drop_if(
      attributes,
      "nearest_mode",
      rule.mode != ops::ResizeMode::Nearest || rule.nearest == ops::NearestMode::RoundPreferFloor);
  drop_if(attributes, "axes", by_scales);
  drop_if(attributes, "keep_aspect_ratio_policy", by_scales);
  return attributes;
}

void canonicalize(Graph& graph, NodeId id) {
  const ops::ResizeGeometry geometry = ops::resize_geometry(NodeContext(graph, id).get());
  const Node& node = graph.node(id);
  const auto scales = exact_scales(geometry);
  const bool uses_roi = geometry.rule.coordinates == ops::CoordinateMode::TfCropAndResize;
  Attributes attributes =
      canonical_attributes(node.attributes, geometry, scales.has_value() && !uses_roi);
  const Tensor* old_scales = constant_of(graph, input_of(node, 2));
  const bool has_scales = old_scales != nullptr && old_scales->num_elements() > 0;
  if (scales && !uses_roi &&
      (!has_scales || node.attributes.has("axes") || node.inputs[1] != kNoValue ||
       node.inputs.size() != 3)) {
    const std::string name = derived_name(graph.value(node.outputs[0]).name + "/scales", kName);
    const ValueId constant =
        graph.add_constant(name,
                           Tensor::from<float>(Shape{static_cast<std::int64_t>(scales->size())},
                                               std::span<const float>(*scales)));
    graph.set_inputs(id, {node.inputs[0], kNoValue, constant});
  }
  if (!(attributes == graph.node(id).attributes)) {
    graph.set_attributes(id, std::move(attributes));
  }
}

}  // namespace

Graph canonicalize_resize(Graph graph) {
  for_each_node(graph, "Resize", canonicalize);
  return graph;
}

}  // namespace mtmi::passes
