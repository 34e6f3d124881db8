#include "mtmi/device/convert.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

std::int8_t quantize(float x, float scale) {
  const float rounded = std::nearbyint(x / scale);
  // A NaN has no nearest step; 0 is what a dead channel would give.
  return std::isnan(rounded) ? std::int8_t{0}
                             : static_cast<std::int8_t>(std::clamp(rounded, -128.0F, 127.0F));
}

template <class T, class F>
Tensor map_floats(const Tensor& tensor, F f) {
  Tensor converted(dtype_of<T>, tensor.shape());
  const auto from = tensor.data<float>();
  std::transform(from.begin(), from.end(), converted.data<T>().begin(), f);
  return converted;
}

template <class T, class F>
Tensor map_to_floats(const Tensor& tensor, F f) {
  Tensor converted(DType::Float32, tensor.shape());
  const auto from = tensor.data<T>();
  std::transform(from.begin(), from.end(), converted.data<float>().begin(), f);
  return converted;
}

Tensor to_dtype(const Tensor& tensor, const TensorDesc& desc) {
  if (tensor.dtype() == desc.dtype) {
    return tensor;
  }
  if (tensor.dtype() == DType::Float32 && desc.dtype == DType::Int8 && desc.scale > 0.0F) {
    return map_floats<std::int8_t>(tensor, [&](float x) { return quantize(x, desc.scale); });
  }
  if (tensor.dtype() == DType::Float32 && desc.dtype == DType::Float16) {
    return map_floats<Float16>(tensor, to_float16);
  }
  if (tensor.dtype() == DType::Float32 && desc.dtype == DType::BFloat16) {
    return map_floats<BFloat16>(tensor, to_bfloat16);
  }
  throw Error(ErrorCode::InvalidArgument,
              "device::write_format",
              "input '" + desc.name + "': got " + std::string(to_string(tensor.dtype())) +
                  ", expected " + std::string(to_string(desc.dtype)));
}

/// Calls f(row-major element index, byte offset in the layout) for every element.
template <class F>
void for_each_element(const TensorDesc& desc, F f) {
  const LayoutStrides strides = strides_of(desc);
  const Shape& s = desc.shape;
  std::int64_t index = 0;
  for (std::int64_t n = 0; n < s[0]; ++n) {
    for (std::int64_t c = 0; c < s[1]; ++c) {
      const std::int64_t channel = n * strides.batch + c / strides.block * strides.plane +
                                   c % strides.block * strides.channel;
      for (std::int64_t h = 0; h < s[2]; ++h) {
        const std::int64_t row = channel + h * strides.row;
        for (std::int64_t w = 0; w < s[3]; ++w) {
          f(index++, row + w * strides.column);
        }
      }
    }
  }
}

}  // namespace

void write_format(const Tensor& tensor, const TensorDesc& desc, std::span<std::byte> dst) {
  if (tensor.shape() != desc.shape) {
    throw Error(ErrorCode::InvalidArgument,
                "device::write_format",
                "input '" + desc.name + "': got " + to_string(tensor.shape()) + ", expected " +
                    to_string(desc.shape));
  }
  const std::size_t size_bytes = size_bytes_of(desc);
  MTMI_ASSERT(dst.size() >= size_bytes);
  const Tensor source = to_dtype(tensor, desc);
  if (size_bytes == 0) {
    return;
  }
  if (desc.layout == Layout::Linear) {
    std::memcpy(dst.data(), source.bytes().data(), size_bytes);
    return;
  }
  std::memset(dst.data(), 0, size_bytes);
  const std::size_t element = size_of(desc.dtype);
  for_each_element(desc, [&](std::int64_t index, std::int64_t offset) {
    std::memcpy(dst.data() + offset,
                source.bytes().data() + static_cast<std::size_t>(index) * element,
                element);
  });
}

Tensor read_format(std::span<const std::byte> src, const TensorDesc& desc) {
  Tensor tensor(desc.dtype, desc.shape);
  read_format(src, desc, tensor);
  return tensor;
}

void read_format(std::span<const std::byte> src, const TensorDesc& desc, Tensor& dst) {
  const std::size_t size_bytes = size_bytes_of(desc);
  MTMI_ASSERT(src.size() >= size_bytes);
  MTMI_ASSERT(dst.dtype() == desc.dtype && dst.shape() == desc.shape);
  if (size_bytes == 0) {
    return;
  }
  const std::span<std::byte> bytes = dst.bytes();
  if (desc.layout == Layout::Linear) {
    std::memcpy(bytes.data(), src.data(), size_bytes);
    return;
  }
  const std::size_t element = size_of(desc.dtype);
  for_each_element(desc, [&](std::int64_t index, std::int64_t offset) {
    std::memcpy(
        bytes.data() + static_cast<std::size_t>(index) * element, src.data() + offset, element);
  });
}

Tensor to_real(const Tensor& tensor, float scale) {
  if (tensor.dtype() == DType::Int8 && scale > 0.0F) {
    return map_to_floats<std::int8_t>(
        tensor, [scale](std::int8_t q) { return scale * static_cast<float>(q); });
  }
  if (tensor.dtype() == DType::Float16) {
    return map_to_floats<Float16>(tensor, [](Float16 h) { return to_float(h); });
  }
  if (tensor.dtype() == DType::BFloat16) {
    return map_to_floats<BFloat16>(tensor, [](BFloat16 b) { return to_float(b); });
  }
  return tensor;
}

}  // namespace mtmi
