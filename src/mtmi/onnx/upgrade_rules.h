// The rewrites that operator_history.cpp lists. Private to onnx/.
//
// Each sees a node as a file of an older opset has it, attributes unchecked, and leaves it as opset
// 21 would have it. Throws Error(InvalidModel | Unsupported) without naming the node.
#pragma once

#include "mtmi/onnx/node_rewriter.h"

namespace mtmi::onnx {

// Attributes that became inputs (upgrade_inputs.cpp).
void upgrade_axes(NodeRewriter& node);     ///< Squeeze, Unsqueeze, ReduceX: axes
void upgrade_slice(NodeRewriter& node);    ///< starts, ends, axes
void upgrade_split(NodeRewriter& node);    ///< split
void upgrade_top_k(NodeRewriter& node);    ///< k
void upgrade_pad(NodeRewriter& node);      ///< pads, value
void upgrade_clip(NodeRewriter& node);     ///< min, max
void upgrade_dropout(NodeRewriter& node);  ///< ratio, which has no meaning in inference
/// Without sizes, the count of equal parts was implied by the outputs.
void count_split_outputs(NodeRewriter& node);

// Operators whose meaning changed (upgrade_meaning.cpp).
/// Softmax and LogSoftmax were of two dimensions: all axes from `axis` on together.
void upgrade_softmax(NodeRewriter& node);
void upgrade_batch_normalization(NodeRewriter& node);  ///< training had outputs of its own
void upgrade_group_normalization(NodeRewriter& node);  ///< scale and bias were per group
void upgrade_grid_sample(NodeRewriter& node);          ///< modes were named for two dimensions

// Resize and its predecessor (upgrade_resize.cpp).
void upgrade_upsample(NodeRewriter& node);        ///< becomes a Resize
void upgrade_resize_10(NodeRewriter& node);       ///< had no coordinate modes
void upgrade_resize_nearest(NodeRewriter& node);  ///< tf_half_pixel_for_nn went with opset 13
/// Empty tensors stood for left-out inputs.
void drop_empty_resize_inputs(NodeRewriter& node);

}  // namespace mtmi::onnx
