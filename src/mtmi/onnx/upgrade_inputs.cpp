#include "mtmi/error.h"
#include "mtmi/onnx/upgrade_rules.h"

namespace mtmi::onnx {
namespace {

/// Where the node has the attribute, it becomes a constant input.
void move_ints(NodeRewriter& node, const char* name, std::size_t index) {
  if (node.attributes().has(name)) {
    const std::vector<std::int64_t> values = node.attributes().get_ints(name);
    node.erase_attribute(name);
    node.set_new_input(index, node.add_ints(name, values));
  }
}

void move_float(NodeRewriter& node, const char* name, std::size_t index) {
  if (node.attributes().has(name)) {
    const float value = node.attributes().get_float(name, 0.0F);
    node.erase_attribute(name);
    node.set_new_input(index, node.add_constant(name, scalar(node.input_type(), value)));
  }
}

}  // namespace

void upgrade_axes(NodeRewriter& node) {
  move_ints(node, "axes", 1);
}

void upgrade_slice(NodeRewriter& node) {
  move_ints(node, "starts", 1);
  move_ints(node, "ends", 2);
  move_ints(node, "axes", 3);
}

void upgrade_split(NodeRewriter& node) {
  move_ints(node, "split", 1);
}

void count_split_outputs(NodeRewriter& node) {
  if (node.input(1) == kNoValue && !node.attributes().has("num_outputs")) {
    node.set_attribute("num_outputs", static_cast<std::int64_t>(node.node().outputs.size()));
  }
}

void upgrade_top_k(NodeRewriter& node) {
  const std::int64_t k = node.attributes().get_int("k", -1);
  node.erase_attribute("k");
  node.set_new_input(1, node.add_ints("k", {k}));
}

void upgrade_pad(NodeRewriter& node) {
  move_ints(node, "pads", 1);
  if (node.attributes().get_float("value", 0.0F) == 0.0F) {
    node.erase_attribute("value");
  }
  move_float(node, "value", 2);
}

// Without `min` or `max` the ends of float's range held, which differs from no bound for infinities
// only; no framework means that, so the bound stays open.
void upgrade_clip(NodeRewriter& node) {
  move_float(node, "min", 1);
  move_float(node, "max", 2);
}

void upgrade_dropout(NodeRewriter& node) {
  node.erase_attribute("ratio");
  if (node.node().outputs.size() > 1) {
    node.drop_outputs(1, "mask");
  }
}

}  // namespace mtmi::onnx
