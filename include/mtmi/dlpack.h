// Tensors as DLPack, the exchange format of NumPy, PyTorch and others. No copies.
#pragma once

#include <cstdint>

#include "mtmi/export.h"
#include "mtmi/tensor.h"

namespace mtmi::dlpack {

// The structures of DLPack's stable C interface, version 0 (github.com/dmlc/dlpack, dlpack.h): the
// same fields in the same order, so that a pointer to one may be cast to DLPack's own.

struct Device {
  std::int32_t device_type;  ///< 1: host memory
  std::int32_t device_id;
};

struct DataType {
  std::uint8_t code;  ///< 0 signed, 1 unsigned, 2 float, 4 bfloat, 6 bool
  std::uint8_t bits;
  std::uint16_t lanes;
};

struct Array {
  void* data;
  Device device;
  std::int32_t ndim;
  DataType dtype;
  std::int64_t* shape;
  std::int64_t* strides;  ///< [elements]; nullptr: row-major
  std::uint64_t byte_offset;
};

struct ManagedArray {
  Array array;
  void* manager_context;
  void (*deleter)(ManagedArray* self);
};

/// `tensor` for others to read and write; shares its elements. Whoever gets it calls its deleter.
[[nodiscard]] MTMI_API ManagedArray* to_dlpack(const Tensor& tensor);

/// A tensor on the elements of `managed`, whose deleter is called when the last handle is gone (not
/// if this throws). Throws Error(Unsupported) for other memory than the host's, strides that are
/// not row-major, and element types that mtmi has not.
[[nodiscard]] MTMI_API Tensor from_dlpack(ManagedArray* managed);

}  // namespace mtmi::dlpack
