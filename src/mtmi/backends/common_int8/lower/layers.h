// The layers, by their first operator: one function for each family. Private to lower/.
#pragma once

#include "mtmi/backends/common_int8/lower/builder.h"
#include "mtmi/backends/common_int8/lower/layer_at.h"

namespace mtmi::int8 {

void lower_product(Builder& builder, const LayerAt& at);
void lower_scaling(Builder& builder, const LayerAt& at);
void lower_operands(Builder& builder, const LayerAt& at);
void lower_unary(Builder& builder, const LayerAt& at);
void lower_pooling(Builder& builder, const LayerAt& at);
void lower_resize(Builder& builder, const LayerAt& at);
void lower_concat(Builder& builder, const LayerAt& at);
void lower_movement(Builder& builder, const LayerAt& at);
/// GlobalMaxPool, ReduceMax.
void lower_maximum(Builder& builder, const LayerAt& at);
/// A layer in FP16 that has kernels of its own: convolutions of one group, whole linear resizes,
/// joins and element-wise layers of maps of one shape. false, and nothing done, for others.
[[nodiscard]] bool lower_by_half_kernels(Builder& builder, const LayerAt& at);
/// Any layer in FP16.
void lower_half_layer(Builder& builder, const LayerAt& at);

}  // namespace mtmi::int8
