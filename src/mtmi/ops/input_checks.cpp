#include "mtmi/ops/input_checks.h"

#include <algorithm>
#include <string>

#include "mtmi/ops/checks.h"

namespace mtmi::ops {

void require_dtype_of_first(const InferContext& context, std::initializer_list<int> indices) {
  for (const int index : indices) {
    if (context.has_input(index)) {
      require_dtype_among(context, index, {context.input(0).dtype});
    }
  }
}

void require_dtype_among(const InferContext& context,
                         int index,
                         std::initializer_list<DType> dtypes) {
  const DType got = context.input(index).dtype;
  if (std::find(dtypes.begin(), dtypes.end(), got) != dtypes.end()) {
    return;
  }
  std::string expected;
  for (const DType dtype : dtypes) {
    expected += (expected.empty() ? "" : " or ") + std::string(to_string(dtype));
  }
  refuse(std::string(to_string(got)) + " for input " + std::to_string(index), expected);
}

void require_shape(const InferContext& context,
                   int index,
                   const Shape& shape,
                   std::string_view role) {
  if (context.has_input(index) && context.input(index).shape != shape) {
    refuse(std::string(role) + " of shape " + to_string(context.input(index).shape),
           to_string(shape));
  }
}

void require_rank(const Shape& shape, int min, int max, std::string_view role) {
  if (shape.rank() < min || shape.rank() > max) {
    refuse(std::string(role) + " of shape " + to_string(shape),
           "a rank of " + std::to_string(min) +
               (max > min ? " to " + std::to_string(max) : std::string()));
  }
}

void require_choice(std::string_view name,
                    std::string_view got,
                    std::initializer_list<std::string_view> choices) {
  if (std::find(choices.begin(), choices.end(), got) != choices.end()) {
    return;
  }
  std::string expected;
  for (const std::string_view choice : choices) {
    expected += (expected.empty() ? "" : " or ") + std::string(choice);
  }
  refuse(std::string(name) + " '" + std::string(got) + "'", expected);
}

}  // namespace mtmi::ops
