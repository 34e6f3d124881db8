#include "network_mutator.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace mtmi::fuzz {
namespace {

using ::onnx::AttributeProto;
using ::onnx::GraphProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;

template <class T>
const T& pick(const std::vector<T>& values, Random& random) {
  return values[random.below(values.size())];
}

/// Numbers at which sizes and indices go wrong. None is merely large: what fits is computed.
std::int64_t odd_number(Random& random) {
  static const std::vector<std::int64_t> kNumbers{0,
                                                  1,
                                                  2,
                                                  3,
                                                  5,
                                                  -1,
                                                  -2,
                                                  -7,
                                                  17,
                                                  std::int64_t{1} << 31,
                                                  (std::int64_t{1} << 32) + 1,
                                                  std::int64_t{1} << 40,
                                                  std::int64_t{1} << 62,
                                                  std::numeric_limits<std::int64_t>::max(),
                                                  std::numeric_limits<std::int64_t>::min()};
  return pick(kNumbers, random);
}

float odd_float(Random& random) {
  static const std::vector<float> kNumbers{0.0F,
                                           -1.0F,
                                           1e-30F,
                                           1e30F,
                                           0.5F,
                                           -3.5F,
                                           std::numeric_limits<float>::infinity(),
                                           std::numeric_limits<float>::quiet_NaN()};
  return pick(kNumbers, random);
}

std::string odd_text(Random& random) {
  static const std::vector<std::string> kTexts{"",
                                               "nearest",
                                               "linear",
                                               "cubic",
                                               "SAME_UPPER",
                                               "VALID",
                                               "reflect",
                                               "wrap",
                                               "tanh",
                                               "tf_crop_and_resize",
                                               "align_corners",
                                               "half_pixel",
                                               "not_larger",
                                               "ij,jk->ik",
                                               "...i,i->...",
                                               "CRD",
                                               "max",
                                               "?"};
  return pick(kTexts, random);
}

std::vector<std::string> value_names(const GraphProto& graph) {
  std::vector<std::string> names{"", "nowhere"};
  for (const auto& input : graph.input()) {
    names.push_back(input.name());
  }
  for (const auto& tensor : graph.initializer()) {
    names.push_back(tensor.name());
  }
  for (const auto& node : graph.node()) {
    names.insert(names.end(), node.output().begin(), node.output().end());
  }
  return names;
}

NodeProto* any_node(GraphProto& graph, Random& random) {
  const auto count = static_cast<std::uint64_t>(graph.node_size());
  return count == 0 ? nullptr : graph.mutable_node(static_cast<int>(random.below(count)));
}

TensorProto* any_initializer(GraphProto& graph, Random& random) {
  const auto count = static_cast<std::uint64_t>(graph.initializer_size());
  return count == 0 ? nullptr : graph.mutable_initializer(static_cast<int>(random.below(count)));
}

template <class Repeated>
int any_index(const Repeated& field, Random& random) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(field.size())));
}

std::string change_edge(GraphProto& graph, Random& random) {
  NodeProto* node = any_node(graph, random);
  if (node == nullptr || node->input_size() == 0) {
    return "";
  }
  const int index = any_index(node->input(), random);
  node->set_input(index, pick(value_names(graph), random));
  return "input " + std::to_string(index) + " of " + node->op_type() + " is " + node->input(index);
}

std::string change_arity(GraphProto& graph, Random& random) {
  NodeProto* node = any_node(graph, random);
  if (node == nullptr) {
    return "";
  }
  if (random.below(2) == 0) {
    node->add_input(pick(value_names(graph), random));
  } else if (node->input_size() > 0) {
    node->mutable_input()->RemoveLast();
  }
  return node->op_type() + " has " + std::to_string(node->input_size()) + " inputs";
}

std::string change_extent(GraphProto& graph, Random& random) {
  if (random.below(2) == 0 && graph.input_size() > 0) {
    auto* shape = graph.mutable_input(any_index(graph.input(), random))
                      ->mutable_type()
                      ->mutable_tensor_type()
                      ->mutable_shape();
    if (shape->dim_size() == 0 || random.below(8) == 0) {
      shape->add_dim();
    }
    const std::int64_t extent = odd_number(random);
    shape->mutable_dim(any_index(shape->dim(), random))->set_dim_value(extent);
    return "an input has extent " + std::to_string(extent);
  }
  TensorProto* tensor = any_initializer(graph, random);
  if (tensor == nullptr) {
    return "";
  }
  if (tensor->dims_size() == 0 || random.below(8) == 0) {
    tensor->add_dims(1);
  }
  const std::int64_t extent = odd_number(random);
  tensor->set_dims(any_index(tensor->dims(), random), extent);
  return "initializer " + tensor->name() + " has extent " + std::to_string(extent);
}

std::string change_element_type(GraphProto& graph, Random& random) {
  const auto type = static_cast<std::int32_t>(random.below(26));
  if (random.below(2) == 0 && graph.input_size() > 0) {
    graph.mutable_input(any_index(graph.input(), random))
        ->mutable_type()
        ->mutable_tensor_type()
        ->set_elem_type(type);
  } else if (TensorProto* tensor = any_initializer(graph, random); tensor != nullptr) {
    tensor->set_data_type(type);
  }
  return "element type " + std::to_string(type);
}

void change_value(AttributeProto& attribute, Random& random) {
  switch (attribute.type()) {
    case AttributeProto::INT:
      attribute.set_i(odd_number(random));
      break;
    case AttributeProto::FLOAT:
      attribute.set_f(odd_float(random));
      break;
    case AttributeProto::STRING:
      attribute.set_s(odd_text(random));
      break;
    case AttributeProto::INTS:
      if (attribute.ints_size() == 0 || random.below(4) == 0) {
        attribute.add_ints(odd_number(random));
      } else if (random.below(4) == 0) {
        attribute.mutable_ints()->RemoveLast();
      } else {
        attribute.set_ints(any_index(attribute.ints(), random), odd_number(random));
      }
      break;
    default:
      attribute.set_type(static_cast<AttributeProto::AttributeType>(random.below(15)));
  }
}

std::string change_attribute(GraphProto& graph, Random& random) {
  static const std::vector<std::string> kNames{"axis",
                                               "axes",
                                               "group",
                                               "pads",
                                               "strides",
                                               "dilations",
                                               "kernel_shape",
                                               "keepdims",
                                               "perm",
                                               "mode",
                                               "num_groups",
                                               "to",
                                               "epsilon",
                                               "blocksize",
                                               "scale"};
  NodeProto* node = any_node(graph, random);
  if (node == nullptr) {
    return "";
  }
  if (node->attribute_size() == 0 || random.below(6) == 0) {
    AttributeProto& added = *node->add_attribute();
    added.set_name(pick(kNames, random));
    added.set_type(random.below(2) == 0 ? AttributeProto::INT : AttributeProto::INTS);
    change_value(added, random);
    return node->op_type() + " gets attribute " + added.name();
  }
  const int index = any_index(node->attribute(), random);
  AttributeProto& attribute = *node->mutable_attribute(index);
  const std::string what = node->op_type() + "." + attribute.name();
  switch (random.below(6)) {
    case 0:
      node->mutable_attribute()->DeleteSubrange(index, 1);
      return what + " goes";
    case 1:
      attribute.set_name(pick(kNames, random));
      return what + " is renamed";
    case 2:
      attribute.set_type(static_cast<AttributeProto::AttributeType>(random.below(15)));
      return what + " is of another kind";
    default:
      change_value(attribute, random);
      return what + " changes";
  }
}

std::string change_operator(GraphProto& graph, Random& random) {
  static const std::vector<std::string> kNames{
      "Conv",       "Relu",      "Reshape",  "Concat",      "Softmax", "MatMul",   "Slice",
      "Transpose",  "Gather",    "Resize",   "ReduceMean",  "Split",   "Squeeze",  "Expand",
      "Identity",   "Shape",     "TopK",     "Pad",         "Tile",    "Einsum",   "Gelu",
      "LSTM",       "If",        "",         "Attention",   "MaxPool", "GatherND", "ScatterND",
      "GridSample", "Unsqueeze", "Constant", "DepthToSpace"};
  NodeProto* node = any_node(graph, random);
  if (node == nullptr) {
    return "";
  }
  const std::string old = node->op_type();
  node->set_op_type(pick(kNames, random));
  return old + " becomes " + node->op_type();
}

std::string change_length(GraphProto& graph, Random& random) {
  TensorProto* tensor = any_initializer(graph, random);
  if (tensor == nullptr) {
    return "";
  }
  std::string& raw = *tensor->mutable_raw_data();
  switch (random.below(4)) {
    case 0:
      raw.clear();
      break;
    case 1:
      raw.resize(raw.size() / 2);
      break;
    case 2:
      raw += "\1\2\3";
      break;
    default:
      tensor->set_data_location(TensorProto::EXTERNAL);
  }
  return "initializer " + tensor->name() + " has " + std::to_string(raw.size()) + " bytes";
}

/// Shapes, axes and indices are initializers of 64-bit integers.
std::string change_numbers(GraphProto& graph, Random& random) {
  std::vector<TensorProto*> lists;
  for (TensorProto& tensor : *graph.mutable_initializer()) {
    if (tensor.data_type() == TensorProto::INT64 && tensor.raw_data().size() >= 8) {
      lists.push_back(&tensor);
    }
  }
  if (lists.empty()) {
    return "";
  }
  TensorProto& tensor = *pick(lists, random);
  const std::int64_t number = odd_number(random);
  const std::size_t index = random.below(tensor.raw_data().size() / 8);
  tensor.mutable_raw_data()->replace(
      index * 8, 8, reinterpret_cast<const char*>(&number), sizeof(number));
  return tensor.name() + "[" + std::to_string(index) + "] is " + std::to_string(number);
}

std::string change_nodes(GraphProto& graph, Random& random) {
  if (graph.node_size() == 0) {
    return "";
  }
  const int a = any_index(graph.node(), random);
  const int b = any_index(graph.node(), random);
  switch (random.below(4)) {
    case 0:
      graph.mutable_node()->SwapElements(a, b);
      return "two nodes are swapped";
    case 1:
      *graph.add_node() = NodeProto(graph.node(a));
      return "a node is doubled";
    case 2: {
      // Doubled under another name, so that it is no contradiction.
      NodeProto copy(graph.node(a));
      for (std::string& output : *copy.mutable_output()) {
        output += "_again";
      }
      *graph.add_node() = copy;
      return "a node is repeated";
    }
    default:
      graph.mutable_node()->DeleteSubrange(a, 1);
      return "a node goes";
  }
}

std::string change_outputs(GraphProto& graph, Random& random) {
  const std::string name = pick(value_names(graph), random);
  if (random.below(2) == 0 || graph.output_size() == 0) {
    graph.add_output()->set_name(name);
  } else {
    graph.mutable_output(any_index(graph.output(), random))->set_name(name);
  }
  return "an output is " + name;
}

std::string change_opset(::onnx::ModelProto& model, Random& random) {
  const auto opset = static_cast<std::int64_t>(random.below(32));
  if (model.opset_import_size() > 0) {
    model.mutable_opset_import(0)->set_version(opset);
  }
  return "opset " + std::to_string(opset);
}

}  // namespace

std::string mutate(::onnx::ModelProto& model, Random& random) {
  using Change = std::string (*)(GraphProto&, Random&);
  static const std::vector<Change> kChanges{change_edge,
                                            change_arity,
                                            change_extent,
                                            change_element_type,
                                            change_attribute,
                                            change_attribute,
                                            change_operator,
                                            change_length,
                                            change_numbers,
                                            change_numbers,
                                            change_nodes,
                                            change_outputs};
  std::string done;
  const std::uint64_t count = 1 + random.below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string change = random.below(20) == 0
                                   ? change_opset(model, random)
                                   : pick(kChanges, random)(*model.mutable_graph(), random);
    done += (done.empty() || change.empty() ? "" : "; ") + change;
  }
  return done;
}

}  // namespace mtmi::fuzz
