// What makes each step. Private to steps/.
#pragma once

#include <cstdint>
#include <memory>

#include "mtmi/backends/common_host/pieces.h"
#include "mtmi/backends/common_host/step.h"
#include "mtmi/kernels/int8/int8_kernels.h"

namespace mtmi::int8 {

using StepPtr = std::unique_ptr<host::Step>;
using host::Pieces;
using kernels::int8::Int8Kernels;

/// Into how many pieces a step's work is cut at least, where there is so much of it.
constexpr std::int64_t kLeastPieces = 16;

// One per operator of operators.h, which says what each computes.
[[nodiscard]] StepPtr make_clamp_half_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_concat_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_conv_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_convert_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_deconv_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_elementwise_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_half_conv_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_half_elementwise_step(const Graph& graph,
                                                 NodeId id,
                                                 const Int8Kernels& with);
[[nodiscard]] StepPtr make_half_resize_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_half_function_step(const Graph& graph,
                                              NodeId id,
                                              const Int8Kernels& with);
[[nodiscard]] StepPtr make_look_up_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_mean_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_move_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_pool_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_resize_step(const Graph& graph, NodeId id, const Int8Kernels& with);
[[nodiscard]] StepPtr make_softmax_step(const Graph& graph, NodeId id, const Int8Kernels& with);

}  // namespace mtmi::int8
