#include "mtmi/error.h"
#include "mtmi/onnx/upgrade_rules.h"

namespace mtmi::onnx {
namespace {

/// Old resizes took coordinates as dst / scale, and the pixel to the left of that.
Attributes asymmetric(const Attributes& old) {
  const std::string mode = old.get_string("mode", "nearest");
  Attributes attributes{{"mode", mode == "bilinear" ? "linear" : mode},
                        {"coordinate_transformation_mode", std::string("asymmetric")}};
  if (mode == "nearest") {
    attributes.set("nearest_mode", std::string("floor"));
  }
  return attributes;
}

}  // namespace

void upgrade_upsample(NodeRewriter& node) {
  if (node.attributes().has("scales")) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::upgrade",
                "got scales as an attribute, expected them as input 1 in this opset");
  }
  node.become("Resize", {node.input(0), kNoValue, node.input(1)}, asymmetric(node.attributes()));
}

void upgrade_resize_10(NodeRewriter& node) {
  node.become("Resize", {node.input(0), kNoValue, node.input(1)}, asymmetric(node.attributes()));
}

// tf_half_pixel_for_nn takes v = (x + 0.5) / scale, half_pixel h = v - 0.5. So floor(v) is h
// rounded half up, and v rounded half down is ceil(h).
void upgrade_resize_nearest(NodeRewriter& node) {
  const Attributes& attributes = node.attributes();
  if (attributes.get_string("coordinate_transformation_mode", "") != "tf_half_pixel_for_nn") {
    return;
  }
  const std::string rounding = attributes.get_string("nearest_mode", "round_prefer_floor");
  const bool is_known = rounding == "floor" || rounding == "round_prefer_floor";
  if (attributes.get_string("mode", "nearest") != "nearest" || !is_known) {
    throw Error(ErrorCode::Unsupported,
                "onnx::upgrade",
                "coordinate mode tf_half_pixel_for_nn is taken with mode nearest and nearest_mode "
                "floor or round_prefer_floor only");
  }
  node.set_attribute("coordinate_transformation_mode", std::string("half_pixel"));
  node.set_attribute("nearest_mode",
                     std::string(rounding == "floor" ? "round_prefer_ceil" : "ceil"));
}

void drop_empty_resize_inputs(NodeRewriter& node) {
  std::vector<ValueId> inputs = node.node().inputs;
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i] != kNoValue && node.graph().is_constant(inputs[i]) &&
        node.graph().value(inputs[i]).constant->num_elements() == 0) {
      inputs[i] = kNoValue;
    }
  }
  const std::string mode = node.attributes().get_string("coordinate_transformation_mode", "");
  if (inputs.size() > 1 && mode != "tf_crop_and_resize") {
    inputs[1] = kNoValue;  // the region of interest has no meaning in other modes
  }
  node.set_inputs(std::move(inputs));
}

}  // namespace mtmi::onnx
