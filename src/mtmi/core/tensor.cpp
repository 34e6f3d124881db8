#include "mtmi/tensor.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::size_t kAlignment = 64;

std::shared_ptr<void> allocate(std::size_t size_bytes) {
  // A multiple of the alignment, as aligned_alloc wants, and never 0.
  const std::size_t padded = (size_bytes / kAlignment + 1) * kAlignment;
  void* data = std::aligned_alloc(kAlignment, padded);
  if (data == nullptr) {
    throw Error(ErrorCode::OutOfMemory,
                "Tensor",
                "the system refused " + std::to_string(padded) + " bytes for a tensor");
  }
  return {data, std::free};
}

}  // namespace

Tensor::Tensor() : dtype_(DType::Float32), shape_{0}, data_(nullptr) {}

Tensor::Tensor(DType dtype, Shape shape) : dtype_(dtype), shape_(std::move(shape)) {
  require_memory(size_bytes(), "a tensor " + std::string(to_string(dtype)) + to_string(shape_));
  std::shared_ptr<void> memory = allocate(size_bytes());
  std::memset(memory.get(), 0, size_bytes());
  data_ = memory.get();
  owner_ = std::move(memory);
}

Tensor Tensor::copy_of(DType dtype, Shape shape, const void* values, std::size_t count) {
  Tensor tensor(dtype, std::move(shape));
  if (static_cast<std::int64_t>(count) != tensor.num_elements()) {
    throw Error(ErrorCode::InvalidArgument,
                "Tensor::from",
                "got " + std::to_string(count) + " values for shape " + to_string(tensor.shape_));
  }
  if (count != 0) {
    std::memcpy(tensor.data_, values, tensor.size_bytes());
  }
  return tensor;
}

Tensor Tensor::wrap(DType dtype, Shape shape, void* data, std::shared_ptr<const void> owner) {
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.shape_ = std::move(shape);
  tensor.data_ = data;
  tensor.owner_ = std::move(owner);
  return tensor;
}

std::size_t Tensor::size_bytes() const noexcept {
  return static_cast<std::size_t>(num_elements()) * size_of(dtype_);
}

std::span<const std::byte> Tensor::bytes() const noexcept {
  return {static_cast<const std::byte*>(data_), size_bytes()};
}

std::span<std::byte> Tensor::bytes() noexcept {
  return {static_cast<std::byte*>(data_), size_bytes()};
}

Tensor Tensor::reshaped(Shape shape) const {
  if (shape.num_elements() != num_elements()) {
    throw Error(ErrorCode::InvalidArgument,
                "Tensor::reshaped",
                "got " + to_string(shape) + " for " + to_string(shape_) + ": the counts differ");
  }
  Tensor tensor = *this;
  tensor.shape_ = std::move(shape);
  return tensor;
}

Tensor Tensor::clone() const {
  Tensor copy(dtype_, shape_);
  if (size_bytes() != 0) {
    std::memcpy(copy.data_, data_, size_bytes());
  }
  return copy;
}

void Tensor::require_dtype(DType dtype) const {
  if (dtype != dtype_) {
    throw Error(ErrorCode::InvalidArgument,
                "Tensor::data",
                "a tensor of " + std::string(to_string(dtype_)) + " was read as " +
                    std::string(to_string(dtype)));
  }
}

bool bitwise_equal(const Tensor& a, const Tensor& b) noexcept {
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         (a.size_bytes() == 0 ||
          std::memcmp(a.bytes().data(), b.bytes().data(), a.size_bytes()) == 0);
}

}  // namespace mtmi
