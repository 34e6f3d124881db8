// The passes that lower() runs, in its order. Private to lower/.
#pragma once

#include <string_view>
#include <vector>

#include "mtmi/core/cpu_features.h"
#include "mtmi/device/backend.h"
#include "mtmi/device/layout.h"
#include "mtmi/graph/graph.h"

namespace mtmi::cpu {

/// Lets inputs and outputs have the formats of `descs`, by cpu.Unpack and cpu.Pack; how outputs of
/// INT8 are rounded says `io`, by name.
/// Throws Error(Unsupported | InvalidArgument) for formats that there are not.
void convert_inputs(Graph& graph, const std::vector<TensorDesc>& descs);
void convert_outputs(Graph& graph,
                     const std::vector<TensorDesc>& descs,
                     const std::map<std::string, IoFormat>& io);

/// Whether the operator of ONNX changes a shape and no element.
[[nodiscard]] bool is_view(std::string_view op);

/// Makes every such node a host.View.
void lower_views(Graph& graph);

/// Makes constants of what QuantizeLinear and DequantizeLinear make of constants: weights in
/// float32 on their grid, which the kernels for float32 take.
void fold_quantized_constants(Graph& graph);

/// A pair behind a Concat of what came through the same pair changes nothing: (q s) / s rounds to
/// q.
void drop_repeated_pairs(Graph& graph);

/// Every node of ONNX that this backend has a kernel for: its own operators, channels last, with
/// the transposes that this takes.
void lower_nodes(Graph& graph);

/// Whether lower_nodes() may know the operator.
[[nodiscard]] bool has_lowering(std::string_view op);

/// Moves transposes behind activations, binary operators and concats.
void sink_transposes(Graph& graph);

/// Lets the outputs of the graph from position `first` on be their elements in the order in which
/// they are made, under their own names and shapes: what only they needed transposed is not.
void skip_transposes_to_outputs(Graph& graph, std::size_t first);

/// Replaces each chain of views and transposes by the shortest one.
void cancel_transposes(Graph& graph);

/// Makes a cpu.Depthwise of each convolution whose groups have one channel.
void select_depthwise(Graph& graph);

/// Lets products take bfloat16: this backend's own by attribute `bf16`, which select_kernels() and
/// the steps obey; those of ONNX that no pass lowered by casts in front of their operands.
void round_products(Graph& graph);

/// Biases, activations and residuals: into the step before.
void fuse_epilogues(Graph& graph);

/// A Concat that one 1x1 convolution reads: more sources of that (operators.h).
void fuse_concats(Graph& graph);

/// ArgMax over the channels of an enlarged map: one step that never writes the map.
void fuse_labels(Graph& graph);

/// Packs weights for `isa`; `may_transform` allows Winograd's form.
void select_kernels(Graph& graph, Isa isa, bool may_transform);

/// Makes `outputs` the outputs of the graph, each with storage of its own: cpu.Copy where one
/// shares that of an input, a constant or another output.
void separate_outputs(Graph& graph, std::vector<ValueId> outputs);

}  // namespace mtmi::cpu
