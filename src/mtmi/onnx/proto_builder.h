// Small ONNX models for tests. Private to the tests of onnx/.
#pragma once

#include <initializer_list>
#include <string>

#include "mtmi/onnx/proto.h"
#include "mtmi/onnx/reader.h"

namespace mtmi::onnx {

/// An empty model of `opset`.
inline pb::ModelProto make_model(std::int64_t opset = 17) {
  pb::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(opset);
  model.mutable_graph()->set_name("g");
  return model;
}

/// An entry < 0 is written as the symbol "n".
inline void add_input(pb::ModelProto& model,
                      const std::string& name,
                      std::initializer_list<std::int64_t> dims,
                      std::int32_t type = pb::TensorProto::FLOAT) {
  pb::ValueInfoProto& input = *model.mutable_graph()->add_input();
  input.set_name(name);
  pb::TypeProto::Tensor& tensor = *input.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape();
  for (const std::int64_t dim : dims) {
    if (dim < 0) {
      tensor.mutable_shape()->add_dim()->set_dim_param("n");
    } else {
      tensor.mutable_shape()->add_dim()->set_dim_value(dim);
    }
  }
}

inline void add_output(pb::ModelProto& model, const std::string& name) {
  pb::ValueInfoProto& output = *model.mutable_graph()->add_output();
  output.set_name(name);
  output.mutable_type()->mutable_tensor_type()->set_elem_type(pb::TensorProto::FLOAT);
}

/// The node is called "the_<op>".
inline pb::NodeProto& add_node(pb::ModelProto& model,
                               const std::string& op,
                               std::initializer_list<std::string> inputs,
                               std::initializer_list<std::string> outputs) {
  pb::NodeProto& node = *model.mutable_graph()->add_node();
  node.set_op_type(op);
  node.set_name("the_" + op);
  for (const std::string& name : inputs) {
    node.add_input(name);
  }
  for (const std::string& name : outputs) {
    node.add_output(name);
  }
  return node;
}

inline pb::TensorProto& add_initializer(pb::ModelProto& model,
                                        const std::string& name,
                                        std::int32_t type,
                                        std::initializer_list<std::int64_t> dims) {
  pb::TensorProto& tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  for (const std::int64_t dim : dims) {
    tensor.add_dims(dim);
  }
  return tensor;
}

inline pb::AttributeProto& add_attribute(pb::NodeProto& node,
                                         const std::string& name,
                                         pb::AttributeProto::AttributeType type) {
  pb::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(type);
  return attribute;
}

inline void add_int(pb::NodeProto& node, const std::string& name, std::int64_t value) {
  add_attribute(node, name, pb::AttributeProto::INT).set_i(value);
}

inline void add_ints(pb::NodeProto& node,
                     const std::string& name,
                     std::initializer_list<std::int64_t> values) {
  pb::AttributeProto& attribute = add_attribute(node, name, pb::AttributeProto::INTS);
  for (const std::int64_t value : values) {
    attribute.add_ints(value);
  }
}

/// x [2,3] -> Relu -> y
inline pb::ModelProto make_relu() {
  pb::ModelProto model = make_model();
  add_input(model, "x", {2, 3});
  add_node(model, "Relu", {"x"}, {"y"});
  add_output(model, "y");
  return model;
}

/// Reads `model` as if from a file.
inline OnnxModel parse(const pb::ModelProto& model) {
  const std::string text = model.SerializeAsString();
  return parse_model(std::as_bytes(std::span(text)));
}

/// The message with which parse() refuses `model`.
inline std::string refusal(const pb::ModelProto& model) {
  try {
    static_cast<void>(parse(model));
  } catch (const std::exception& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace mtmi::onnx
