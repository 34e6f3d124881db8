#include "mtmi/error.h"
#include "mtmi/onnx/upgrade_rules.h"

namespace mtmi::onnx {
namespace {

/// Where the shape of the input is known already, as for inputs of the graph.
bool is_last_axis(const NodeRewriter& node, std::int64_t axis) {
  const ValueId x = node.input(0);
  const std::optional<Shape> shape = x == kNoValue ? std::nullopt : node.graph().value(x).shape;
  return shape && axis == shape->rank() - 1;
}

}  // namespace

void upgrade_softmax(NodeRewriter& node) {
  const std::int64_t axis = node.attributes().get_int("axis", 1);
  if (axis == -1 || is_last_axis(node, axis)) {
    node.set_attribute("axis", std::int64_t{-1});
    return;
  }
  const ValueId shape = node.insert("shape", "Shape", {node.input(0)});
  const ValueId flat = node.insert("flat", "Flatten", {node.input(0)}, {{"axis", axis}});
  const ValueId result =
      node.insert("flat_result", node.node().op, {flat}, {{"axis", std::int64_t{-1}}});
  node.become("Reshape", {result, shape}, {});
}

void upgrade_batch_normalization(NodeRewriter& node) {
  if (node.node().outputs.size() > 1) {
    node.drop_outputs(1, "a statistic of training");
  }
}

void upgrade_group_normalization(NodeRewriter& node) {
  const std::int64_t groups = node.attributes().get_int("num_groups", 0);
  if (groups <= 0) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::upgrade",
                "got num_groups " + std::to_string(groups) + ", expected 1 or more");
  }
  // Each group's value is repeated for the channels of the group.
  const ValueId channels = node.insert(
      "channels", "Shape", {node.input(0)}, {{"start", std::int64_t{1}}, {"end", std::int64_t{2}}});
  const ValueId count = node.add_ints("groups", {groups});
  const ValueId per_group = node.insert("channels_per_group", "Div", {channels, count});
  const ValueId table =
      node.insert("table_shape", "Concat", {count, per_group}, {{"axis", std::int64_t{0}}});
  const ValueId last_axis = node.add_ints("last_axis", {1});
  const ValueId all = node.add_ints("all", {-1});
  std::vector<ValueId> inputs{node.input(0)};
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
    const std::string role = i == 1 ? "scale" : "bias";
    const ValueId column = node.insert(role + "_column", "Unsqueeze", {node.input(i), last_axis});
    const ValueId repeated = node.insert(role + "_table", "Expand", {column, table});
    inputs.push_back(node.insert(role, "Reshape", {repeated, all}));
  }
  node.set_inputs(std::move(inputs));
}

void upgrade_grid_sample(NodeRewriter& node) {
  const std::string mode = node.attributes().get_string("mode", "bilinear");
  if (mode == "bilinear" || mode == "bicubic") {
    node.set_attribute("mode", mode.substr(2));
  }
}

}  // namespace mtmi::onnx
