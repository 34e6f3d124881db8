#include "mtmi/core/random_tensor.h"

#include <cmath>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"
#include "mtmi/core/random.h"

namespace mtmi {
namespace {

template <class T, class F>
void fill(Tensor& tensor, F next) {
  for (T& element : tensor.data<T>()) {
    element = next();
  }
}

template <class T>
void fill_integers(Tensor& tensor, Random& random, float low, float high) {
  const auto first = static_cast<std::int64_t>(std::ceil(low));
  const auto end = static_cast<std::int64_t>(std::ceil(high));
  const auto count = static_cast<std::uint64_t>(end > first ? end - first : 1);
  fill<T>(tensor,
          [&] { return static_cast<T>(first + static_cast<std::int64_t>(random.below(count))); });
}

}  // namespace

Tensor random_tensor(DType dtype, Shape shape, std::uint64_t seed, float low, float high) {
  MTMI_ASSERT(low <= high && std::isfinite(low) && std::isfinite(high));
  Tensor tensor(dtype, std::move(shape));
  Random random(seed);
  const auto uniform = [&] { return random.uniform(low, high); };
  switch (dtype) {
    case DType::Float32:
      fill<float>(tensor, uniform);
      break;
    case DType::Float64:
      fill<double>(tensor, [&] { return static_cast<double>(uniform()); });
      break;
    case DType::Float16:
      fill<Float16>(tensor, [&] { return to_float16(uniform()); });
      break;
    case DType::BFloat16:
      fill<BFloat16>(tensor, [&] { return to_bfloat16(uniform()); });
      break;
    case DType::Int8:
      fill_integers<std::int8_t>(tensor, random, low, high);
      break;
    case DType::UInt8:
      fill_integers<std::uint8_t>(tensor, random, low, high);
      break;
    case DType::Int32:
      fill_integers<std::int32_t>(tensor, random, low, high);
      break;
    case DType::Int64:
      fill_integers<std::int64_t>(tensor, random, low, high);
      break;
    case DType::Bool:
      fill<bool>(tensor, [&] { return random.below(2) == 1; });
      break;
  }
  return tensor;
}

}  // namespace mtmi
