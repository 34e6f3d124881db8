#include <algorithm>
#include <numeric>

#include "mtmi/error.h"
#include "mtmi/onnx/downgrade_rules.h"

namespace mtmi::onnx {
namespace {

[[noreturn]] void refuse(const std::string& what, std::int64_t opset) {
  throw Error(
      ErrorCode::Unsupported,
      "onnx::downgrade",
      what + " cannot be written before opset " + std::to_string(opset) + "; write a newer opset");
}

/// The attribute may go where it says what is meant without it.
void drop_default_int(NodeRewriter& node,
                      const char* name,
                      std::int64_t value,
                      std::int64_t opset) {
  if (node.attributes().get_int(name, value) != value) {
    refuse(std::string(name) + " " + std::to_string(node.attributes().get_int(name, value)), opset);
  }
  node.erase_attribute(name);
}

void require_other_text(const NodeRewriter& node,
                        const char* name,
                        std::string_view value,
                        std::int64_t opset) {
  if (node.attributes().get_string(name, "") == value) {
    refuse(std::string(name) + " " + std::string(value), opset);
  }
}

std::vector<std::int64_t> require_ints(const NodeRewriter& node,
                                       std::size_t index,
                                       const char* role,
                                       std::int64_t opset) {
  const auto values = node.constant_ints(index);
  if (!values) {
    refuse(std::string(role) + " that are not constant", opset);
  }
  return *values;
}

std::size_t wrapped(std::int64_t axis, std::size_t rank) {
  const std::int64_t positive = axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
  if (positive < 0 || positive >= static_cast<std::int64_t>(rank)) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::downgrade",
                "got axis " + std::to_string(axis) + " for rank " + std::to_string(rank));
  }
  return static_cast<std::size_t>(positive);
}

}  // namespace

void downgrade_axes(NodeRewriter& node) {
  const bool keeps_all = node.attributes().get_int("noop_with_empty_axes", 0) != 0;
  node.erase_attribute("noop_with_empty_axes");
  std::vector<std::int64_t> axes;
  if (node.input(1) != kNoValue) {
    axes = require_ints(node, 1, "axes", 18);
  }
  if (axes.empty() && keeps_all) {
    node.become("Identity", {node.input(0)}, {});
    return;
  }
  if (!axes.empty()) {
    node.set_attribute("axes", axes);
  }
  node.set_inputs({node.input(0)});
}

void downgrade_split(NodeRewriter& node) {
  if (!node.attributes().has("num_outputs")) {
    return;
  }
  const std::vector<std::int64_t> extents = node.input_shape(0).extents();
  const std::size_t axis = wrapped(node.attributes().get_int("axis", 0), extents.size());
  const auto parts = static_cast<std::int64_t>(node.node().outputs.size());
  node.erase_attribute("num_outputs");
  if (extents[axis] % parts == 0) {
    return;
  }
  // The last part is smaller: older opsets want the sizes.
  const std::int64_t part = (extents[axis] + parts - 1) / parts;
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(parts), part);
  sizes.back() = extents[axis] - part * (parts - 1);
  node.set_inputs({node.input(0), node.add_ints("split", sizes)});
}

void downgrade_pad_axes(NodeRewriter& node) {
  if (node.input(3) == kNoValue) {
    return;
  }
  const std::size_t rank = node.input_shape(0).extents().size();
  const std::vector<std::int64_t> axes = require_ints(node, 3, "axes", 18);
  const std::vector<std::int64_t> some = require_ints(node, 1, "pads of some axes", 18);
  std::vector<std::int64_t> all(2 * rank, 0);
  if (some.size() != 2 * axes.size()) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::downgrade",
                "got " + std::to_string(some.size()) + " pads, expected two for each of " +
                    std::to_string(axes.size()) + " axes");
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = wrapped(axes[i], rank);
    all[axis] = some[i];
    all[axis + rank] = some[i + axes.size()];
  }
  node.set_inputs({node.input(0), node.add_ints("pads", all), node.input(2)});
}

void downgrade_pad_wrap(NodeRewriter& node) {
  require_other_text(node, "mode", "wrap", 19);
}

void downgrade_resize_18(NodeRewriter& node) {
  drop_default_int(node, "antialias", 0, 18);
  require_other_text(node, "keep_aspect_ratio_policy", "not_larger", 18);
  require_other_text(node, "keep_aspect_ratio_policy", "not_smaller", 18);
  node.erase_attribute("keep_aspect_ratio_policy");
  if (!node.attributes().has("axes")) {
    return;
  }
  const std::vector<std::int64_t> extents = node.input_shape(0).extents();
  const std::vector<std::int64_t> axes = node.attributes().get_ints("axes");
  if (node.input(1) != kNoValue) {
    refuse("a region of interest on some axes", 18);
  }
  node.erase_attribute("axes");
  if (node.input(3) != kNoValue) {
    const std::vector<std::int64_t> some = require_ints(node, 3, "sizes", 18);
    std::vector<std::int64_t> all = extents;
    for (std::size_t i = 0; i < std::min(axes.size(), some.size()); ++i) {
      all[wrapped(axes[i], extents.size())] = some[i];
    }
    node.set_inputs({node.input(0), kNoValue, kNoValue, node.add_ints("sizes", all)});
    return;
  }
  const Tensor* some = node.constant(2);
  if (some == nullptr || some->dtype() != DType::Float32) {
    refuse("scales of some axes that are not constant", 18);
  }
  std::vector<float> all(extents.size(), 1.0F);
  const auto scales = some->data<float>();
  for (std::size_t i = 0; i < std::min(axes.size(), scales.size()); ++i) {
    all[wrapped(axes[i], extents.size())] = scales[i];
  }
  const Shape shape{static_cast<std::int64_t>(all.size())};
  node.set_inputs({node.input(0),
                   kNoValue,
                   node.add_constant("scales", Tensor::from<float>(shape, std::span(all)))});
}

void downgrade_resize_19(NodeRewriter& node) {
  require_other_text(node, "coordinate_transformation_mode", "half_pixel_symmetric", 19);
}

void downgrade_shape(NodeRewriter& node) {
  if (!node.attributes().has("start") && !node.attributes().has("end")) {
    return;
  }
  const auto rank = static_cast<std::int64_t>(node.input_shape(0).rank());
  const std::int64_t start = node.attributes().get_int("start", 0);
  const std::int64_t end = node.attributes().get_int("end", rank);
  const ValueId all = node.insert("all", "Shape", {node.input(0)});
  node.become("Slice", {all, node.add_ints("start", {start}), node.add_ints("end", {end})}, {});
}

void downgrade_grid_sample(NodeRewriter& node) {
  const std::string mode = node.attributes().get_string("mode", "linear");
  if (mode == "linear" || mode == "cubic") {
    node.set_attribute("mode", "bi" + mode);
  }
}

void downgrade_average_pool(NodeRewriter& node) {
  const std::vector<std::int64_t> dilations = node.attributes().get_ints("dilations");
  if (std::any_of(dilations.begin(), dilations.end(), [](std::int64_t d) { return d != 1; })) {
    refuse("dilations of an average", 19);
  }
  node.erase_attribute("dilations");
}

void downgrade_reshape(NodeRewriter& node) {
  if (node.attributes().get_int("allowzero", 0) != 0) {
    const std::vector<std::int64_t> shape = require_ints(node, 1, "shapes with allowzero", 14);
    if (std::count(shape.begin(), shape.end(), 0) > 0) {
      refuse("extents of 0 with allowzero", 14);
    }
  }
  node.erase_attribute("allowzero");
}

void downgrade_batch_normalization(NodeRewriter& node) {
  drop_default_int(node, "training_mode", 0, 14);
}

void downgrade_scatter_16(NodeRewriter& node) {
  if (node.attributes().get_string("reduction", "none") != "none") {
    refuse("a reduction", 16);
  }
  node.erase_attribute("reduction");
}

void downgrade_scatter_18(NodeRewriter& node) {
  require_other_text(node, "reduction", "min", 18);
  require_other_text(node, "reduction", "max", 18);
}

void downgrade_saturate(NodeRewriter& node) {
  node.erase_attribute("saturate");  // of 8-bit floating-point types only
}

void downgrade_quantize(NodeRewriter& node) {
  drop_default_int(node, "block_size", 0, 21);
  drop_default_int(node, "output_dtype", 0, 21);
}

}  // namespace mtmi::onnx
