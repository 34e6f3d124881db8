// Inputs, outputs and what is observed. Private to lower/.
#pragma once

#include <vector>

#include "mtmi/backends/common_int8/lower/builder.h"
#include "mtmi/device/backend.h"

namespace mtmi::int8 {

/// Defines the inputs of the source; their formats.
[[nodiscard]] std::vector<TensorDesc> lower_inputs(Builder& builder, const CompileOptions& options);

/// Makes the outputs of the lowered graph; their formats. Pre: all layers are lowered.
[[nodiscard]] std::vector<TensorDesc> lower_outputs(Builder& builder,
                                                    const CompileOptions& options);

/// Makes Float32 values of what is to be observed. Pre: all layers are lowered, no outputs yet.
/// Throws Error(InvalidArgument) for what does not pass between layers.
void lower_observed(Builder& builder, const CompileOptions& options);

}  // namespace mtmi::int8
