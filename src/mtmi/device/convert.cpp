#include "mtmi/device/convert.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"
#include "mtmi/core/rounding.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

std::int8_t quantize(float x, float scale) {
  const float clamped = std::clamp(x / scale, -128.0F, 127.0F);
  // A NaN has no nearest step; 0 is what a dead channel would give.
  return std::isnan(clamped) ? std::int8_t{0} : static_cast<std::int8_t>(round_to_even(clamped));
}

/// body(begin, end) for pieces of [0, count), on several threads where there are many elements.
/// Pre: body does not throw.
template <class F>
void in_pieces(std::int64_t count, std::int64_t elements, F body) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 16;  // elements: more than a hand-over costs
  const std::int64_t pieces =
      std::clamp<std::int64_t>(elements / kPiece, 1, std::max<std::int64_t>(count, 1));
  thread_pool().parallel_for(
      pieces, [&](std::int64_t i) { body(count * i / pieces, count * (i + 1) / pieces); });
}

/// f of every element.
template <class From, class To, class F>
Tensor map_elements(const Tensor& tensor, F f) {
  Tensor converted(dtype_of<To>, tensor.shape());
  const From* const from = tensor.data<From>().data();
  To* const to = converted.data<To>().data();
  in_pieces(
      tensor.num_elements(), tensor.num_elements(), [&](std::int64_t begin, std::int64_t end) {
        std::transform(from + begin, from + end, to + begin, f);
      });
  return converted;
}

Tensor to_dtype(const Tensor& tensor, const TensorDesc& desc) {
  if (tensor.dtype() == desc.dtype) {
    return tensor;
  }
  if (tensor.dtype() == DType::Float32 && desc.dtype == DType::Int8 && desc.scale > 0.0F) {
    return map_elements<float, std::int8_t>(tensor,
                                            [&](float x) { return quantize(x, desc.scale); });
  }
  if (tensor.dtype() == DType::Float32 && desc.dtype == DType::Float16) {
    return map_elements<float, Float16>(tensor, to_float16);
  }
  if (tensor.dtype() == DType::Float32 && desc.dtype == DType::BFloat16) {
    return map_elements<float, BFloat16>(tensor, to_bfloat16);
  }
  throw Error(ErrorCode::InvalidArgument,
              "device::write_format",
              "input '" + desc.name + "': got " + std::string(to_string(tensor.dtype())) +
                  ", expected " + std::string(to_string(desc.dtype)));
}

/// Calls f(row-major index of its first element, byte offset of that in the layout) for every row,
/// on several threads. Channels that lie together take turns, row by row: what one line of memory
/// holds is written, or read, at about one time.
template <class F>
void for_each_row(const TensorDesc& desc, F f) {
  const LayoutStrides strides = strides_of(desc);
  const std::int64_t channels = desc.shape[1];
  const std::int64_t height = desc.shape[2];
  const std::int64_t width = desc.shape[3];
  const std::int64_t blocks = (channels + strides.block - 1) / strides.block;
  const std::int64_t bands = desc.shape[0] * blocks * height;
  in_pieces(bands, desc.shape.num_elements(), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t band = begin; band < end; ++band) {
      const std::int64_t h = band % height;
      const std::int64_t block = band / height % blocks;
      const std::int64_t n = band / height / blocks;
      const std::int64_t first = block * strides.block;
      const std::int64_t offset = n * strides.batch + block * strides.plane + h * strides.row;
      const std::int64_t together = std::min(strides.block, channels - first);
      for (std::int64_t c = 0; c < together; ++c) {
        f(((n * channels + first + c) * height + h) * width, offset + c * strides.channel);
      }
    }
  });
}

/// f(a value of an unsigned type of `size` bytes): so that elements are moved as what they are.
template <class F>
void with_element(std::size_t size, F f) {
  switch (size) {
    case 1:
      return f(std::uint8_t{});
    case 2:
      return f(std::uint16_t{});
    case 4:
      return f(std::uint32_t{});
    default:
      MTMI_ASSERT(size == 8);
      return f(std::uint64_t{});
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
  const std::int64_t column = strides_of(desc).column;
  const std::int64_t width = desc.shape[3];
  with_element(size_of(desc.dtype), [&]<class T>(T) {
    const std::byte* const elements = source.bytes().data();
    for_each_row(desc, [&](std::int64_t index, std::int64_t offset) {
      const std::byte* from = elements + index * static_cast<std::int64_t>(sizeof(T));
      std::byte* to = dst.data() + offset;
      for (std::int64_t w = 0; w < width; ++w, from += sizeof(T), to += column) {
        std::memcpy(to, from, sizeof(T));
      }
    });
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
  const std::int64_t column = strides_of(desc).column;
  const std::int64_t width = desc.shape[3];
  with_element(size_of(desc.dtype), [&]<class T>(T) {
    for_each_row(desc, [&](std::int64_t index, std::int64_t offset) {
      const std::byte* from = src.data() + offset;
      std::byte* to = bytes.data() + index * static_cast<std::int64_t>(sizeof(T));
      for (std::int64_t w = 0; w < width; ++w, from += column, to += sizeof(T)) {
        std::memcpy(to, from, sizeof(T));
      }
    });
  });
}

Tensor to_real(const Tensor& tensor, float scale) {
  if (tensor.dtype() == DType::Int8 && scale > 0.0F) {
    return map_elements<std::int8_t, float>(
        tensor, [scale](std::int8_t q) { return scale * static_cast<float>(q); });
  }
  if (tensor.dtype() == DType::Float16) {
    return map_elements<Float16, float>(tensor, [](Float16 h) { return to_float(h); });
  }
  if (tensor.dtype() == DType::BFloat16) {
    return map_elements<BFloat16, float>(tensor, [](BFloat16 b) { return to_float(b); });
  }
  return tensor;
}

}  // namespace mtmi
