#include "mtmi/onnx/tensor_proto.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include "mtmi/error.h"
#include "mtmi/onnx/names.h"

namespace mtmi::onnx {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX stores little-endian elements");

[[noreturn]] void refuse(const std::string& message, ErrorCode code = ErrorCode::InvalidModel) {
  throw Error(code, "onnx::take_tensor", message);
}

Shape shape_of(const pb::TensorProto& proto) {
  try {
    return Shape(std::vector<std::int64_t>(proto.dims().begin(), proto.dims().end()));
  } catch (const Error& e) {
    refuse(e.what());
  }
}

void require_count(std::uint64_t got,
                   std::uint64_t expected,
                   const char* unit,
                   const Shape& shape) {
  if (got != expected) {
    refuse("got " + std::to_string(got) + " " + unit + ", expected " + std::to_string(expected) +
           " for shape " + to_string(shape));
  }
}

/// A byte of another value in a bool would be undefined behaviour wherever it is read.
void require_bools(const Tensor& tensor) {
  const auto bytes = tensor.bytes();
  if (tensor.dtype() == DType::Bool &&
      std::any_of(bytes.begin(), bytes.end(), [](std::byte b) { return b > std::byte{1}; })) {
    refuse("got a BOOL that is neither 0 nor 1");
  }
}

std::uint64_t parse_size(const std::string& key, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    refuse("external data: got '" + text + "' as " + key + ", expected a number of bytes");
  }
  return value;
}

Tensor map_external(const pb::TensorProto& proto, DType dtype, Shape shape, ExternalFiles& files) {
  std::string location;
  std::uint64_t offset = 0;
  const auto expected = static_cast<std::uint64_t>(shape.num_elements()) * size_of(dtype);
  std::uint64_t length = expected;
  for (const pb::StringStringEntryProto& entry : proto.external_data()) {
    require_printable(entry.value(), "a file with external data");
    if (entry.key() == "location") {
      location = entry.value();
    } else if (entry.key() == "offset") {
      offset = parse_size("offset", entry.value());
    } else if (entry.key() == "length") {
      length = parse_size("length", entry.value());
    }
  }
  require_count(length, expected, "bytes of external data", shape);
  const ExternalFiles::View view = files.view(location, offset, length);
  if (view.bytes.empty()) {
    return Tensor(dtype, std::move(shape));
  }
  if (reinterpret_cast<std::uintptr_t>(view.bytes.data()) % size_of(dtype) != 0) {
    Tensor copy(dtype, std::move(shape));
    std::memcpy(copy.bytes().data(), view.bytes.data(), view.bytes.size());
    return copy;
  }
  // Constants are never written to, so the read-only mapping may stand behind them.
  auto* data = const_cast<std::byte*>(view.bytes.data());
  return Tensor::wrap(dtype, std::move(shape), data, view.owner);
}

Tensor take_raw(pb::TensorProto& proto, DType dtype, Shape shape) {
  require_count(proto.raw_data().size(),
                static_cast<std::uint64_t>(shape.num_elements()) * size_of(dtype),
                "bytes of raw data",
                shape);
  if (proto.raw_data().empty()) {
    return Tensor(dtype, std::move(shape));
  }
  const auto owner = std::make_shared<std::string>(std::move(*proto.mutable_raw_data()));
  if (reinterpret_cast<std::uintptr_t>(owner->data()) % size_of(dtype) != 0) {
    // A short string lives inside its object.
    Tensor copy(dtype, std::move(shape));
    std::memcpy(copy.bytes().data(), owner->data(), owner->size());
    return copy;
  }
  return Tensor::wrap(dtype, std::move(shape), owner->data(), owner);
}

/// Elements that have a repeated field of their own; narrow integers share int32_data.
template <class T, class Field>
Tensor copy_typed(const Field& field, Shape shape) {
  require_count(static_cast<std::uint64_t>(field.size()),
                static_cast<std::uint64_t>(shape.num_elements()),
                "elements",
                shape);
  Tensor tensor(dtype_of<T>, std::move(shape));
  const auto dst = tensor.data<T>();
  int i = 0;
  for (T& element : dst) {
    const auto value = field[i++];
    if constexpr (std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>) {
      element = {static_cast<std::uint16_t>(value)};
    } else if constexpr (std::is_same_v<T, bool>) {
      element = value != 0;
    } else {
      element = static_cast<T>(value);
    }
  }
  return tensor;
}

Tensor copy_elements(const pb::TensorProto& proto, DType dtype, Shape shape) {
  switch (dtype) {
    case DType::Float32:
      return copy_typed<float>(proto.float_data(), std::move(shape));
    case DType::Float64:
      return copy_typed<double>(proto.double_data(), std::move(shape));
    case DType::Int64:
      return copy_typed<std::int64_t>(proto.int64_data(), std::move(shape));
    case DType::Int32:
      return copy_typed<std::int32_t>(proto.int32_data(), std::move(shape));
    case DType::Int8:
      return copy_typed<std::int8_t>(proto.int32_data(), std::move(shape));
    case DType::UInt8:
      return copy_typed<std::uint8_t>(proto.int32_data(), std::move(shape));
    case DType::Bool:
      return copy_typed<bool>(proto.int32_data(), std::move(shape));
    case DType::Float16:
      return copy_typed<Float16>(proto.int32_data(), std::move(shape));
    case DType::BFloat16:
      return copy_typed<BFloat16>(proto.int32_data(), std::move(shape));
  }
  refuse("got an unknown element type");
}

}  // namespace

Tensor take_tensor(pb::TensorProto& proto, ExternalFiles& files) {
  const DType dtype = require_data_type(proto.data_type());
  Shape shape = shape_of(proto);
  if (proto.has_segment()) {
    refuse("a tensor in segments is not supported", ErrorCode::Unsupported);
  }
  Tensor tensor;
  if (proto.data_location() == pb::TensorProto::EXTERNAL) {
    tensor = map_external(proto, dtype, std::move(shape), files);
  } else if (proto.has_raw_data()) {
    tensor = take_raw(proto, dtype, std::move(shape));
  } else {
    return copy_elements(proto, dtype, std::move(shape));
  }
  require_bools(tensor);
  return tensor;
}

void write_type(const Tensor& tensor, const std::string& name, pb::TensorProto& proto) {
  proto.set_name(name);
  proto.set_data_type(to_data_type(tensor.dtype()));
  for (const std::int64_t extent : tensor.shape().extents()) {
    proto.add_dims(extent);
  }
}

void write_tensor(const Tensor& tensor, const std::string& name, pb::TensorProto& proto) {
  write_type(tensor, name, proto);
  // In place: set_raw_data() would make a string of its own first.
  const std::span<const std::byte> bytes = tensor.bytes();
  proto.mutable_raw_data()->assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace mtmi::onnx
