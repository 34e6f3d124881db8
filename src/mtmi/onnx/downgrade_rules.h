// The rewrites of downgrade.cpp. Private to onnx/.
//
// Each is called for opsets below the one that brought what the node uses, and leaves the node as
// it is where it uses nothing of that. Throws Error(Unsupported | InvalidModel) without naming the
// node.
#pragma once

#include "mtmi/onnx/node_rewriter.h"

namespace mtmi::onnx {

// Inputs that were attributes, attributes that were not there (downgrade_attributes.cpp).
void downgrade_axes(NodeRewriter& node);                 ///< ReduceX before 18
void downgrade_split(NodeRewriter& node);                ///< num_outputs before 18
void downgrade_pad_axes(NodeRewriter& node);             ///< axes before 18
void downgrade_pad_wrap(NodeRewriter& node);             ///< mode wrap before 19
void downgrade_resize_18(NodeRewriter& node);            ///< axes, antialias before 18
void downgrade_resize_19(NodeRewriter& node);            ///< half_pixel_symmetric before 19
void downgrade_shape(NodeRewriter& node);                ///< start, end before 15
void downgrade_grid_sample(NodeRewriter& node);          ///< names of modes before 20
void downgrade_average_pool(NodeRewriter& node);         ///< dilations before 19
void downgrade_reshape(NodeRewriter& node);              ///< allowzero before 14
void downgrade_batch_normalization(NodeRewriter& node);  ///< training_mode before 14
void downgrade_scatter_16(NodeRewriter& node);           ///< reduction before 16
void downgrade_scatter_18(NodeRewriter& node);           ///< min and max before 18
void downgrade_saturate(NodeRewriter& node);  ///< Cast, CastLike, QuantizeLinear before 19
void downgrade_quantize(NodeRewriter& node);  ///< block_size, output_dtype before 21

// Operators that were not there (expand_operators.cpp).
void expand_layer_normalization(NodeRewriter& node);  ///< before 17
void expand_group_normalization(NodeRewriter& node);  ///< before 21, when scale was per group
void expand_gelu(NodeRewriter& node);                 ///< before 20
void expand_mish(NodeRewriter& node);                 ///< before 18
void expand_hard_swish(NodeRewriter& node);           ///< before 14
void expand_attention(NodeRewriter& node);            ///< always

}  // namespace mtmi::onnx
