#include "mtmi/passes/pointwise.h"

#include <algorithm>

#include "mtmi/ops/conv.h"
#include "mtmi/ops/resize.h"
#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/node_context.h"

namespace mtmi::passes {

bool is_pointwise(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.op != "Conv" || !layer_at(graph, id)) {
    return false;
  }
  const ops::ConvGeometry geometry = ops::conv_geometry(
      node.attributes, shape_of(graph, node.inputs[0]), shape_of(graph, node.inputs[1]));
  return geometry.groups == 1 &&
         std::all_of(geometry.windows.begin(), geometry.windows.end(), [](const Window& window) {
           return window.kernel == 1 && window.stride == 1 && window.pad_begin == 0 &&
                  window.pad_end == 0;
         });
}

bool is_spatial_average(const Graph& graph, NodeId id) {
  if (graph.node(id).op != "Resize") {
    return false;
  }
  const NodeContext context(graph, id);
  const ops::ResizeGeometry geometry = ops::resize_geometry(context.get());
  return geometry.axes.size() > 2 &&
         geometry.rule.coordinates != ops::CoordinateMode::TfCropAndResize &&
         ops::is_identity(geometry.rule, geometry.axes[0]) &&
         ops::is_identity(geometry.rule, geometry.axes[1]);
}

}  // namespace mtmi::passes
