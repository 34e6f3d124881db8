#include "mtmi/onnx/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/half.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/onnx/proto_builder.h"

namespace mtmi::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const Tensor& constant(const OnnxModel& model, const std::string& name) {
  return *model.graph.value(model.graph.find_value(name).value()).constant;
}

TEST(ReadModel, KeepsNamesAndSaysWhereItCameFrom) {
  pb::ModelProto proto = make_relu();
  proto.set_producer_name("pytorch");
  proto.set_producer_version("2.11");
  pb::StringStringEntryProto& entry = *proto.add_metadata_props();
  entry.set_key("author");
  entry.set_value("me");
  const OnnxModel model = parse(proto);
  EXPECT_EQ(model.opset, 17);
  EXPECT_EQ(model.ir_version, 8);
  EXPECT_EQ(model.producer, "pytorch 2.11");
  EXPECT_EQ(model.metadata.at("author"), "me");
  ASSERT_EQ(model.graph.order().size(), 1U);
  const Node& node = model.graph.node(model.graph.order()[0]);
  EXPECT_EQ(node.name, "the_Relu");
  EXPECT_EQ(model.graph.value(node.inputs[0]).name, "x");
  EXPECT_EQ(to_string(model.graph.type(node.inputs[0])), "f32[2,3]");
  EXPECT_TRUE(model.graph.is_output(node.outputs[0]));
}

TEST(ReadModel, OpenExtentsKeepTheirSymbols) {
  pb::ModelProto proto = make_relu();
  pb::TensorShapeProto& shape = *proto.mutable_graph()
                                     ->mutable_input(0)
                                     ->mutable_type()
                                     ->mutable_tensor_type()
                                     ->mutable_shape();
  shape.mutable_dim(0)->set_dim_param("batch");
  shape.mutable_dim(1)->set_dim_value(-1);
  shape.add_dim()->set_dim_value(4);
  const OnnxModel model = parse(proto);
  const Value& x = model.graph.value(model.graph.inputs()[0]);
  EXPECT_FALSE(x.shape.has_value());
  EXPECT_THAT(x.dim_names, ElementsAre("batch", "?", "4"));
}

TEST(ReadModel, NodesMayStandInAnyOrder) {
  pb::ModelProto proto = make_model();
  add_input(proto, "x", {2});
  add_node(proto, "Relu", {"a"}, {"y"});
  add_node(proto, "Tanh", {"x"}, {"a"});
  add_output(proto, "y");
  const OnnxModel model = parse(proto);
  EXPECT_EQ(model.graph.node(model.graph.order()[0]).op, "Tanh");
}

TEST(ReadModel, InitializersOfEveryFieldAreRead) {
  pb::ModelProto proto = make_relu();
  add_initializer(proto, "f32", pb::TensorProto::FLOAT, {2}).add_float_data(1.5F);
  proto.mutable_graph()->mutable_initializer(0)->add_float_data(-2.0F);
  add_initializer(proto, "f16", pb::TensorProto::FLOAT16, {1}).add_int32_data(0x3C00);
  add_initializer(proto, "s8", pb::TensorProto::INT8, {1}).add_int32_data(-3);
  add_initializer(proto, "bool", pb::TensorProto::BOOL, {1}).add_int32_data(1);
  add_initializer(proto, "s64", pb::TensorProto::INT64, {}).add_int64_data(1LL << 40);
  add_initializer(proto, "f64", pb::TensorProto::DOUBLE, {1}).add_double_data(0.5);
  add_initializer(proto, "raw", pb::TensorProto::INT32, {2, 1}).set_raw_data("\1\0\0\0\2\0\0\0", 8);
  add_initializer(proto, "none", pb::TensorProto::FLOAT, {0, 3});
  const OnnxModel model = parse(proto);
  EXPECT_THAT(constant(model, "f32").data<float>(), ElementsAre(1.5F, -2.0F));
  EXPECT_EQ(to_float(constant(model, "f16").data<Float16>()[0]), 1.0F);
  EXPECT_THAT(constant(model, "s8").data<std::int8_t>(), ElementsAre(-3));
  EXPECT_THAT(constant(model, "bool").data<bool>(), ElementsAre(true));
  EXPECT_THAT(constant(model, "s64").data<std::int64_t>(), ElementsAre(1LL << 40));
  EXPECT_THAT(constant(model, "f64").data<double>(), ElementsAre(0.5));
  EXPECT_THAT(constant(model, "raw").data<std::int32_t>(), ElementsAre(1, 2));
  EXPECT_EQ(constant(model, "none").num_elements(), 0);
}

TEST(ReadModel, AnInputWithAnInitializerIsAConstant) {
  pb::ModelProto proto = make_relu();
  add_input(proto, "w", {1});
  add_initializer(proto, "w", pb::TensorProto::FLOAT, {1}).add_float_data(1.0F);
  const OnnxModel model = parse(proto);
  EXPECT_EQ(model.graph.inputs().size(), 1U);
  EXPECT_EQ(constant(model, "w").num_elements(), 1);
}

TEST(ReadModel, ConstantNodesOfEveryKindBecomeConstants) {
  pb::ModelProto proto = make_relu();
  add_ints(add_node(proto, "Constant", {}, {"ints"}), "value_ints", {3, 4});
  add_int(add_node(proto, "Constant", {}, {"int"}), "value_int", 5);
  add_attribute(
      add_node(proto, "Constant", {}, {"float"}), "value_float", pb::AttributeProto::FLOAT)
      .set_f(0.5F);
  pb::TensorProto& tensor =
      *add_attribute(
           add_node(proto, "Constant", {}, {"tensor"}), "value", pb::AttributeProto::TENSOR)
           .mutable_t();
  tensor.set_data_type(pb::TensorProto::UINT8);
  tensor.add_int32_data(200);
  const OnnxModel model = parse(proto);
  EXPECT_EQ(model.graph.order().size(), 1U);
  EXPECT_THAT(constant(model, "ints").data<std::int64_t>(), ElementsAre(3, 4));
  EXPECT_EQ(constant(model, "int").shape().rank(), 0);
  EXPECT_THAT(constant(model, "float").data<float>(), ElementsAre(0.5F));
  EXPECT_THAT(constant(model, "tensor").data<std::uint8_t>(), ElementsAre(200));
}

TEST(ReadModel, LeftOutInputsStayAndThoseAtTheEndGo) {
  pb::ModelProto proto = make_model();
  add_input(proto, "x", {2});
  add_input(proto, "max", {});
  add_node(proto, "Clip", {"x", "", "max"}, {"a"});
  add_node(proto, "Clip", {"a", "", ""}, {"y"});
  add_output(proto, "y");
  const OnnxModel model = parse(proto);
  EXPECT_EQ(model.graph.node(model.graph.order()[0]).inputs[1], kNoValue);
  EXPECT_EQ(model.graph.node(model.graph.order()[1]).inputs.size(), 1U);
}

TEST(ReadModel, ContradictionsNameTheNode) {
  pb::ModelProto cycle = make_model();
  add_input(cycle, "x", {2});
  add_node(cycle, "Add", {"x", "b"}, {"a"});
  add_node(cycle, "Relu", {"a"}, {"b"});
  add_output(cycle, "b");
  EXPECT_EQ(refusal(cycle), "node 'the_Add' (Add) depends on its own output (a cycle)");

  pb::ModelProto missing = make_relu();
  missing.mutable_graph()->mutable_node(0)->set_input(0, "w");
  EXPECT_THAT(refusal(missing), HasSubstr("node 'the_Relu' (Relu): reads 'w', which is no input"));

  pb::ModelProto doubled = make_relu();
  add_node(doubled, "Tanh", {"x"}, {"y"});
  EXPECT_EQ(refusal(doubled),
            "node 'the_Tanh' (Tanh): value 'y' is already made by node 'the_Relu' (Relu)");

  pb::ModelProto shadowed = make_relu();
  shadowed.mutable_graph()->mutable_node(0)->set_output(0, "x");
  EXPECT_THAT(refusal(shadowed), HasSubstr("value 'x' is already made by input 'x'"));

  pb::ModelProto no_output = make_relu();
  no_output.mutable_graph()->mutable_output(0)->set_name("z");
  EXPECT_EQ(refusal(no_output), "output 'z' is made by no node");

  pb::ModelProto listed_twice = make_relu();
  add_output(listed_twice, "y");
  EXPECT_EQ(refusal(listed_twice), "output 'y' is listed twice");
}

TEST(ReadModel, WhatMtmiHasNotIsRefusedByName) {
  pb::ModelProto domain = make_relu();
  domain.mutable_graph()->mutable_node(0)->set_domain("com.microsoft");
  EXPECT_THAT(refusal(domain),
              StartsWith("node 'the_Relu' (Relu): got an operator of domain 'com.m"));

  pb::ModelProto branch = make_relu();
  add_attribute(*branch.mutable_graph()->mutable_node(0), "body", pb::AttributeProto::GRAPH)
      .mutable_g();
  EXPECT_EQ(refusal(branch),
            "node 'the_Relu' (Relu): attribute 'body' is a subgraph; mtmi has no control flow");

  pb::ModelProto strings = make_relu();
  add_initializer(strings, "s", pb::TensorProto::STRING, {1}).add_string_data("x");
  EXPECT_THAT(refusal(strings),
              StartsWith("initializer 's': got element type STRING, expected one"));

  pb::ModelProto input = make_model();
  add_input(input, "x", {1}, 17);
  EXPECT_THAT(refusal(input), StartsWith("input 'x': got element type FLOAT8E4M3FN, expected"));

  pb::ModelProto sequence = make_relu();
  sequence.mutable_graph()->mutable_input(0)->mutable_type()->mutable_sequence_type();
  EXPECT_THAT(refusal(sequence), HasSubstr("no tensor"));
}

TEST(ReadModel, NamesThatWouldWriteToTheTerminalAreRefused) {
  pb::ModelProto node = make_relu();
  node.mutable_graph()->mutable_node(0)->set_name("a\x1b[2J");
  EXPECT_EQ(refusal(node), "the name of a node has the control character 27");

  pb::ModelProto value = make_relu();
  value.mutable_graph()->mutable_node(0)->set_input(0, "two\nlines");
  EXPECT_THAT(refusal(value), HasSubstr("the name of a value has the control character 10"));
}

TEST(ReadModel, WrongLengthsAndExtentsAreRefused) {
  pb::ModelProto few = make_relu();
  add_initializer(few, "w", pb::TensorProto::FLOAT, {2}).add_float_data(1.0F);
  EXPECT_EQ(refusal(few), "initializer 'w': got 1 elements, expected 2 for shape [2]");

  pb::ModelProto raw = make_relu();
  add_initializer(raw, "w", pb::TensorProto::FLOAT, {1LL << 40}).set_raw_data("1234");
  EXPECT_THAT(refusal(raw), HasSubstr("got 4 bytes of raw data, expected 4398046511104"));

  pb::ModelProto negative = make_relu();
  add_initializer(negative, "w", pb::TensorProto::FLOAT, {-2});
  EXPECT_THAT(refusal(negative), HasSubstr("negative extent"));

  pb::ModelProto huge = make_model();
  add_input(huge, "x", {1LL << 62, 1LL << 62});
  EXPECT_THAT(refusal(huge), StartsWith("input 'x': shape too large"));

  pb::ModelProto bools = make_relu();
  add_initializer(bools, "w", pb::TensorProto::BOOL, {1}).set_raw_data("\7");
  EXPECT_THAT(refusal(bools), HasSubstr("neither 0 nor 1"));
}

TEST(ReadModel, WhatIsNoModelIsOneSentence) {
  const auto sentence = [](std::string_view text) -> std::string {
    try {
      static_cast<void>(parse_model(std::as_bytes(std::span(text))));
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_THAT(sentence("Hello, this is a text file."), StartsWith("not an ONNX"));
  EXPECT_THAT(sentence(""), StartsWith("not an ONNX model"));
  const std::string whole = make_relu().SerializeAsString();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(sentence(std::string_view(whole).substr(0, length)), "no error") << length;
  }
  pb::ModelProto no_opset = make_relu();
  no_opset.clear_opset_import();
  EXPECT_THAT(refusal(no_opset), HasSubstr("which opset"));
}

TEST(ReadModel, ErrorsBeginWithTheFile) {
  const TemporaryFolder folder;
  const auto path = folder / "no_model.onnx";
  write_file(path, "text");
  for (const auto& file : {path, path.parent_path() / "absent.onnx"}) {
    try {
      static_cast<void>(read_model(file));
      ADD_FAILURE();
    } catch (const Error& e) {
      EXPECT_THAT(e.what(), StartsWith(file.string() + ": "));
      EXPECT_THAT(std::string(e.what()).substr(file.string().size()),
                  testing::Not(HasSubstr(file.string())));
    }
  }
}

}  // namespace
}  // namespace mtmi::onnx
