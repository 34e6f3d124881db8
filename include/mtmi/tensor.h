// A dense tensor in host memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "mtmi/dtype.h"
#include "mtmi/export.h"
#include "mtmi/shape.h"

namespace mtmi {

/// A dense, row-major tensor in host memory.
///
/// A handle: copies share the elements (clone() does not). Elements start at a multiple of 64 bytes
/// when mtmi allocated them. Thread-compatible; reading from several threads is fine.
class MTMI_API Tensor {
 public:
  /// The empty tensor: Float32 of shape [0].
  Tensor();
  /// Zeros. Throws Error(OutOfMemory) when the memory limit (core/memory_limit.h) does not allow
  /// it.
  Tensor(DType dtype, Shape shape);
  /// A copy of `values`. Throws Error(InvalidArgument) if there are not shape.num_elements() of
  /// them.
  template <class T>
  static Tensor from(Shape shape, std::span<const T> values);
  template <class T>
  static Tensor from(Shape shape, std::initializer_list<T> values);
  /// A view of memory that `owner` keeps alive (a mapped file, a DLPack tensor, a camera's buffer).
  /// Pre: `data` holds size_of(dtype) * shape.num_elements() bytes.
  static Tensor wrap(DType dtype, Shape shape, void* data, std::shared_ptr<const void> owner);

  [[nodiscard]] DType dtype() const noexcept { return dtype_; }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }

  [[nodiscard]] std::int64_t num_elements() const noexcept { return shape_.num_elements(); }

  [[nodiscard]] std::size_t size_bytes() const noexcept;
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept;
  [[nodiscard]] std::span<std::byte> bytes() noexcept;

  /// The elements. Throws Error(InvalidArgument) if T is not the tensor's element type.
  template <class T>
  [[nodiscard]] std::span<const T> data() const {
    require_dtype(dtype_of<T>);
    return {static_cast<const T*>(data_), static_cast<std::size_t>(num_elements())};
  }

  template <class T>
  [[nodiscard]] std::span<T> data() {
    require_dtype(dtype_of<T>);
    return {static_cast<T*>(data_), static_cast<std::size_t>(num_elements())};
  }

  /// The same elements under another shape. Throws Error(InvalidArgument) if the counts differ.
  [[nodiscard]] Tensor reshaped(Shape shape) const;
  /// A copy that shares nothing.
  [[nodiscard]] Tensor clone() const;

 private:
  void require_dtype(DType dtype) const;
  static Tensor copy_of(DType dtype, Shape shape, const void* values, std::size_t count);

  DType dtype_;
  Shape shape_;
  void* data_;
  std::shared_ptr<const void> owner_;  // shared by the handles of one tensor
};

template <class T>
Tensor Tensor::from(Shape shape, std::span<const T> values) {
  return copy_of(dtype_of<T>, std::move(shape), values.data(), values.size());
}

template <class T>
Tensor Tensor::from(Shape shape, std::initializer_list<T> values) {
  return copy_of(dtype_of<T>, std::move(shape), values.begin(), values.size());
}

/// Whether dtype, shape and every bit of the elements are the same.
[[nodiscard]] MTMI_API bool bitwise_equal(const Tensor& a, const Tensor& b) noexcept;

}  // namespace mtmi
