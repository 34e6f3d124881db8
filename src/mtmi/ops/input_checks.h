// Checks of the inputs of one node against each other, on top of checks.h.
#pragma once

#include <initializer_list>
#include <string_view>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

/// Refuses unless the given inputs have the element type of input 0; those left out are passed
/// over.
void require_dtype_of_first(const InferContext& context, std::initializer_list<int> indices);

/// Refuses unless input `index` has one of `dtypes`.
void require_dtype_among(const InferContext& context,
                         int index,
                         std::initializer_list<DType> dtypes);

/// Refuses unless input `index`, called `role`, has exactly `shape`. One left out is passed over.
void require_shape(const InferContext& context,
                   int index,
                   const Shape& shape,
                   std::string_view role);

/// Refuses a rank outside [min, max]. `role` names the tensor.
void require_rank(const Shape& shape, int min, int max, std::string_view role);

/// Refuses unless `got`, the value of attribute `name`, is one of `choices`.
void require_choice(std::string_view name,
                    std::string_view got,
                    std::initializer_list<std::string_view> choices);

}  // namespace mtmi::ops
