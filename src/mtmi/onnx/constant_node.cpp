#include "mtmi/onnx/constant_node.h"

#include <string>
#include <vector>

#include "mtmi/error.h"

namespace mtmi::onnx {
namespace {

[[noreturn]] void refuse(const std::string& message, ErrorCode code) {
  throw Error(code, "onnx::constant_value", message);
}

template <class T>
Tensor list_of(const std::vector<T>& values) {
  return Tensor::from<T>(Shape{static_cast<std::int64_t>(values.size())}, std::span(values));
}

/// The kind of the attribute must be the one that its name promises.
template <class T>
const T& require_kind(const Attribute& attribute, const std::string& name) {
  const T* value = std::get_if<T>(&attribute);
  if (value == nullptr) {
    refuse("attribute '" + name + "' is of another kind than its name says",
           ErrorCode::InvalidModel);
  }
  return *value;
}

}  // namespace

Tensor constant_value(const Attributes& attributes) {
  if (attributes.entries().size() != 1) {
    refuse("got " + std::to_string(attributes.entries().size()) + " attributes, expected one value",
           ErrorCode::InvalidModel);
  }
  const auto& [name, attribute] = *attributes.entries().begin();
  if (name == "value") {
    return require_kind<Tensor>(attribute, name);
  }
  if (name == "value_float") {
    return Tensor::from<float>(Shape{}, {require_kind<float>(attribute, name)});
  }
  if (name == "value_int") {
    return Tensor::from<std::int64_t>(Shape{}, {require_kind<std::int64_t>(attribute, name)});
  }
  if (name == "value_floats") {
    return list_of(require_kind<std::vector<float>>(attribute, name));
  }
  if (name == "value_ints") {
    return list_of(require_kind<std::vector<std::int64_t>>(attribute, name));
  }
  refuse("got attribute '" + name +
             "', expected value, value_float, value_floats, value_int or value_ints",
         ErrorCode::Unsupported);
}

}  // namespace mtmi::onnx
