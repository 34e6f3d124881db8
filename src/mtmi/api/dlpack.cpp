#include "mtmi/dlpack.h"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mtmi/error.h"

namespace mtmi::dlpack {
namespace {

constexpr std::int32_t kHost = 1;

struct NamedType {
  DType dtype;
  DataType type;
};

constexpr std::array<NamedType, 9> kTypes{{
    {DType::Float32, {2, 32, 1}},
    {DType::Float16, {2, 16, 1}},
    {DType::BFloat16, {4, 16, 1}},
    {DType::Float64, {2, 64, 1}},
    {DType::Int8, {0, 8, 1}},
    {DType::UInt8, {1, 8, 1}},
    {DType::Int32, {0, 32, 1}},
    {DType::Int64, {0, 64, 1}},
    {DType::Bool, {6, 8, 1}},
}};

/// Keeps the tensor alive, and the extents where the structure points to.
struct Owner {
  Tensor tensor;
  std::vector<std::int64_t> extents;
  ManagedArray managed{};
};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::Unsupported, "api::from_dlpack", "DLPack tensor: " + message);
}

DType dtype_of_array(DataType type) {
  for (const NamedType& known : kTypes) {
    if (known.type.code == type.code && known.type.bits == type.bits && type.lanes == 1) {
      return known.dtype;
    }
  }
  refuse("got element type code " + std::to_string(type.code) + " of " + std::to_string(type.bits) +
         " bits, expected one that mtmi has");
}

void check_row_major(const Array& array) {
  std::int64_t expected = 1;
  for (std::int32_t axis = array.ndim - 1; array.strides != nullptr && axis >= 0; --axis) {
    if (array.shape[axis] != 1 && array.strides[axis] != expected) {
      refuse("got stride " + std::to_string(array.strides[axis]) + " on axis " +
             std::to_string(axis) + ", expected row-major elements");
    }
    expected *= array.shape[axis];
  }
}

}  // namespace

ManagedArray* to_dlpack(const Tensor& tensor) {
  auto owner = std::make_unique<Owner>();
  owner->tensor = tensor;
  owner->extents = tensor.shape().extents();
  DataType type{};
  for (const NamedType& known : kTypes) {
    type = known.dtype == tensor.dtype() ? known.type : type;
  }
  owner->managed.array = {.data = owner->tensor.bytes().data(),
                          .device = {.device_type = kHost, .device_id = 0},
                          .ndim = static_cast<std::int32_t>(owner->extents.size()),
                          .dtype = type,
                          .shape = owner->extents.data(),
                          .strides = nullptr,
                          .byte_offset = 0};
  owner->managed.manager_context = owner.get();
  owner->managed.deleter = [](ManagedArray* self) {
    delete static_cast<Owner*>(self->manager_context);
  };
  return &owner.release()->managed;
}

Tensor from_dlpack(ManagedArray* managed) {
  const Array& array = managed->array;
  if (array.device.device_type != kHost) {
    refuse("got device type " + std::to_string(array.device.device_type) +
           ", expected 1, the host's memory");
  }
  const DType dtype = dtype_of_array(array.dtype);
  const Shape shape(std::vector<std::int64_t>(array.shape, array.shape + array.ndim));
  check_row_major(array);
  const std::shared_ptr<const void> owner(managed, [managed](const void*) {
    if (managed->deleter != nullptr) {
      managed->deleter(managed);
    }
  });
  return Tensor::wrap(dtype, shape, static_cast<std::byte*>(array.data) + array.byte_offset, owner);
}

}  // namespace mtmi::dlpack
