#include "mtmi/passes/move_convolutions_up.h"

#include "mtmi/passes/cost.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/pointwise.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "move_convolutions_up";

/// The work of Conv and Resize in the one order and in the other [MAC].
double gain_of_move(const Shape& source,
                    const Shape& enlarged,
                    const Shape& dst,
                    const Shape& weights) {
  std::vector<std::int64_t> extents = source.extents();
  extents[1] = dst[1];
  const Shape small(std::move(extents));
  const double before = convolution_work(dst, weights) + element_work(enlarged);
  const double after = convolution_work(small, weights) + element_work(dst);
  return before - after;
}

/// The inputs that let a Resize of `source` give `dst` as `resize` gives its own result: sizes name
/// the channels, which are others now.
std::vector<ValueId> resize_inputs(Graph& graph,
                                   const Node& resize,
                                   ValueId source,
                                   const Shape& dst) {
  std::vector<ValueId> inputs = resize.inputs;
  inputs[0] = source;
  if (input_of(resize, 3) != kNoValue) {
    const std::vector<std::int64_t> sizes =
        resize.attributes.has("axes") ? *constant_ints(graph, inputs[3]) : dst.extents();
    inputs[3] = add_ints(graph, graph.value(source).name + "/sizes", sizes);
  }
  return inputs;
}

void visit(Graph& graph, NodeId id) {
  const Node conv = graph.node(id);
  const auto resize_id = producer_of(graph, conv.inputs[0], "Resize");
  if (!resize_id || !graph.has_single_user(conv.inputs[0]) || !is_pointwise(graph, id) ||
      !is_spatial_average(graph, *resize_id)) {
    return;
  }
  const Node resize = graph.node(*resize_id);
  const Shape dst = shape_of(graph, conv.outputs[0]);
  if (gain_of_move(shape_of(graph, resize.inputs[0]),
                   shape_of(graph, conv.inputs[0]),
                   dst,
                   shape_of(graph, conv.inputs[1])) <= 0) {
    return;
  }
  std::vector<ValueId> inputs = conv.inputs;
  inputs[0] = resize.inputs[0];
  const ValueId small = insert_before(graph,
                                      id,
                                      derived_name(graph.value(conv.outputs[0]).name, kName),
                                      "Conv",
                                      std::move(inputs),
                                      conv.attributes);
  replace_node(graph, id, "Resize", resize_inputs(graph, resize, small, dst), resize.attributes);
}

}  // namespace

Graph move_convolutions_up(Graph graph) {
  for_each_node(graph, "Conv", visit);
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
