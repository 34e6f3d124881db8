#include "mtmi/onnx/attribute_proto.h"

#include <utility>

#include "mtmi/error.h"
#include "mtmi/onnx/names.h"
#include "mtmi/onnx/tensor_proto.h"

namespace mtmi::onnx {
namespace {

using Type = pb::AttributeProto;

[[noreturn]] void refuse(const pb::AttributeProto& proto,
                         const std::string& message,
                         ErrorCode code = ErrorCode::InvalidModel) {
  throw Error(code, "onnx::take_attributes", "attribute '" + proto.name() + "' " + message);
}

/// Files of IR version 1 leave the type out: the field that is set tells it.
pb::AttributeProto::AttributeType type_of(const pb::AttributeProto& proto) {
  if (proto.type() != Type::UNDEFINED) {
    return proto.type();
  }
  const std::pair<bool, pb::AttributeProto::AttributeType> fields[] = {
      {proto.has_f(), Type::FLOAT},
      {proto.has_i(), Type::INT},
      {proto.has_s(), Type::STRING},
      {proto.has_t(), Type::TENSOR},
      {proto.has_g(), Type::GRAPH},
      {proto.floats_size() > 0, Type::FLOATS},
      {proto.ints_size() > 0, Type::INTS},
      {proto.strings_size() > 0, Type::STRINGS},
  };
  for (const auto& [is_set, type] : fields) {
    if (is_set) {
      return type;
    }
  }
  refuse(proto, "has no value");
}

Attribute take_attribute(pb::AttributeProto& proto, ExternalFiles& files) {
  if (!proto.ref_attr_name().empty()) {
    refuse(proto, "refers to an attribute of a function", ErrorCode::Unsupported);
  }
  switch (type_of(proto)) {
    case Type::INT:
      return proto.i();
    case Type::FLOAT:
      return proto.f();
    case Type::STRING:
      return proto.s();
    case Type::INTS:
      return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
    case Type::FLOATS:
      return std::vector<float>(proto.floats().begin(), proto.floats().end());
    case Type::STRINGS:
      return std::vector<std::string>(proto.strings().begin(), proto.strings().end());
    case Type::TENSOR:
      try {
        return take_tensor(*proto.mutable_t(), files);
      } catch (const Error& e) {
        throw e.with_context("attribute '" + proto.name() + "'");
      }
    case Type::GRAPH:
    case Type::GRAPHS:
      refuse(proto, "is a subgraph; mtmi has no control flow", ErrorCode::Unsupported);
    case Type::SPARSE_TENSOR:
    case Type::SPARSE_TENSORS:
      refuse(proto, "is a sparse tensor, expected a dense one", ErrorCode::Unsupported);
    default:
      refuse(proto, "is of a kind that mtmi has not", ErrorCode::Unsupported);
  }
}

/// Sets type and value of a message, by the kind of the attribute.
class AttributeWriter {
 public:
  explicit AttributeWriter(pb::AttributeProto& proto) : proto_(proto) {}

  void operator()(std::int64_t value) const {
    proto_.set_type(Type::INT);
    proto_.set_i(value);
  }

  void operator()(float value) const {
    proto_.set_type(Type::FLOAT);
    proto_.set_f(value);
  }

  void operator()(const std::string& value) const {
    proto_.set_type(Type::STRING);
    proto_.set_s(value);
  }

  void operator()(const std::vector<std::int64_t>& values) const {
    proto_.set_type(Type::INTS);
    proto_.mutable_ints()->Add(values.begin(), values.end());
  }

  void operator()(const std::vector<float>& values) const {
    proto_.set_type(Type::FLOATS);
    proto_.mutable_floats()->Add(values.begin(), values.end());
  }

  void operator()(const std::vector<std::string>& values) const {
    proto_.set_type(Type::STRINGS);
    for (const std::string& value : values) {
      proto_.add_strings(value);
    }
  }

  void operator()(const Tensor& value) const {
    proto_.set_type(Type::TENSOR);
    write_tensor(value, "", *proto_.mutable_t());
  }

 private:
  pb::AttributeProto& proto_;
};

}  // namespace

Attributes take_attributes(pb::NodeProto& node, ExternalFiles& files) {
  Attributes attributes;
  for (pb::AttributeProto& proto : *node.mutable_attribute()) {
    require_printable(proto.name(), "an attribute");
    require_printable(proto.s(), "a value of an attribute");
    if (attributes.has(proto.name())) {
      refuse(proto, "is given twice");
    }
    attributes.set(proto.name(), take_attribute(proto, files));
  }
  return attributes;
}

void write_attributes(const Attributes& attributes, pb::NodeProto& node) {
  for (const auto& [name, value] : attributes.entries()) {
    pb::AttributeProto& proto = *node.add_attribute();
    proto.set_name(name);
    std::visit(AttributeWriter(proto), value);
  }
}

}  // namespace mtmi::onnx
