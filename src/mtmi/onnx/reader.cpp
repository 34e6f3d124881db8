#include "mtmi/onnx/reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mtmi/core/file.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"
#include "mtmi/onnx/attribute_proto.h"
#include "mtmi/onnx/constant_node.h"
#include "mtmi/onnx/names.h"
#include "mtmi/onnx/proto.h"
#include "mtmi/onnx/tensor_proto.h"
#include "mtmi/onnx/upgrade.h"

namespace mtmi::onnx {
namespace {

[[noreturn]] void refuse(const std::string& message, ErrorCode code = ErrorCode::InvalidModel) {
  throw Error(code, "onnx::read_model", message);
}

bool is_default_domain(const std::string& domain) {
  return domain.empty() || domain == "ai.onnx";
}

std::string describe(const pb::NodeProto& node, int position) {
  const std::string called =
      node.name().empty() ? "#" + std::to_string(position) : "'" + node.name() + "'";
  return "node " + called + " (" + node.op_type() + ")";
}

/// Fills a Graph from a GraphProto, which it takes apart.
class GraphReader {
 public:
  GraphReader(pb::GraphProto& proto, ExternalFiles& files) : proto_(proto), files_(files) {}

  Graph read() {
    graph_.name = proto_.name();
    read_initializers();
    read_inputs();
    read_nodes();
    read_outputs();
    require_made();
    graph_.sort();
    return std::move(graph_);
  }

 private:
  void read_initializers() {
    if (proto_.sparse_initializer_size() > 0) {
      require_printable(proto_.sparse_initializer(0).values().name(), "an initializer");
      refuse("initializer '" + proto_.sparse_initializer(0).values().name() +
                 "' is sparse, expected a dense one",
             ErrorCode::Unsupported);
    }
    for (pb::TensorProto& tensor : *proto_.mutable_initializer()) {
      const std::string name = tensor.name();
      require_printable(name, "an initializer");
      if (name.empty()) {
        refuse("an initializer has no name");
      }
      claim(name, "initializer '" + name + "'");
      try {
        graph_.add_constant(name, take_tensor(tensor, files_));
      } catch (const Error& e) {
        throw e.with_context("initializer '" + name + "'");
      }
    }
  }

  void read_inputs() {
    for (const pb::ValueInfoProto& input : proto_.input()) {
      require_printable(input.name(), "an input");
      // Before IR version 4 an initializer had to be listed as an input, too.
      const auto known = graph_.find_value(input.name());
      if (known && graph_.is_constant(*known)) {
        continue;
      }
      const std::string described = "input '" + input.name() + "'";
      if (input.name().empty()) {
        refuse("an input has no name");
      }
      claim(input.name(), described);
      try {
        add_input(input);
      } catch (const Error& e) {
        throw e.with_context(described);
      }
    }
  }

  void add_input(const pb::ValueInfoProto& input) {
    if (!input.type().has_tensor_type()) {
      refuse("got a type that is no tensor (or none), expected a tensor", ErrorCode::Unsupported);
    }
    const pb::TypeProto::Tensor& type = input.type().tensor_type();
    const DType dtype = require_data_type(type.elem_type());
    std::vector<std::int64_t> extents;
    std::vector<std::string> names;
    bool is_static = type.has_shape();
    for (const pb::TensorShapeProto::Dimension& dim : type.shape().dim()) {
      require_printable(dim.dim_param(), "an extent");
      // Some exporters write -1 for an extent that is open.
      const bool is_number = dim.has_dim_value() && dim.dim_value() != -1;
      is_static = is_static && is_number;
      extents.push_back(dim.dim_value());
      names.push_back(is_number                 ? std::to_string(dim.dim_value())
                      : dim.dim_param().empty() ? "?"
                                                : dim.dim_param());
      if (is_number && dim.dim_value() < 0) {
        refuse("got extent " + names.back() + ", expected 0 or more");
      }
    }
    if (is_static) {
      graph_.add_input(input.name(), {dtype, Shape(std::move(extents))});
    } else {
      graph_.add_dynamic_input(input.name(), dtype, std::move(names));
    }
  }

  void read_nodes() {
    int position = 0;
    for (pb::NodeProto& node : *proto_.mutable_node()) {
      require_printable(node.name(), "a node");
      require_printable(node.op_type(), "an operator");
      require_printable(node.domain(), "a domain");
      const std::string described = describe(node, position++);
      try {
        read_node(node, described);
      } catch (const Error& e) {
        throw e.with_context(described);
      }
    }
  }

  void read_node(pb::NodeProto& proto, const std::string& described) {
    if (!is_default_domain(proto.domain())) {
      refuse("got an operator of domain '" + proto.domain() +
                 "', expected one of ONNX's own (docs/operators.md lists them)",
             ErrorCode::Unsupported);
    }
    Node node{.name = proto.name(),
              .op = proto.op_type(),
              .inputs = {},
              .outputs = {},
              .attributes = take_attributes(proto, files_)};
    if (node.op == "Constant") {
      read_constant(proto, node.attributes, described);
      return;
    }
    for (const std::string& name : proto.input()) {
      node.inputs.push_back(name.empty() ? kNoValue : find_or_add(name));
    }
    for (const std::string& name : proto.output()) {
      require_printable(name, "an output");
      if (!name.empty()) {
        claim(name, described);
      }
      node.outputs.push_back(name.empty() ? kNoValue : find_or_add(name));
    }
    // Left-out inputs and outputs at the end are the same as none.
    trim(node.inputs);
    trim(node.outputs);
    if (node.outputs.empty()) {
      refuse("it has no outputs");
    }
    graph_.add_node(std::move(node));
  }

  void read_constant(const pb::NodeProto& proto,
                     const Attributes& attributes,
                     const std::string& described) {
    if (proto.input_size() != 0 || proto.output_size() != 1 || proto.output(0).empty()) {
      refuse("got " + std::to_string(proto.input_size()) + " inputs and " +
             std::to_string(proto.output_size()) + " outputs, expected none and 1");
    }
    require_printable(proto.output(0), "an output");
    claim(proto.output(0), described);
    graph_.set_constant(find_or_add(proto.output(0)), constant_value(attributes));
  }

  void read_outputs() {
    if (proto_.output_size() == 0) {
      refuse("the graph has no outputs");
    }
    for (const pb::ValueInfoProto& output : proto_.output()) {
      require_printable(output.name(), "an output");
      const auto id = graph_.find_value(output.name());
      if (!id || !makers_.contains(output.name())) {
        refuse("output '" + output.name() + "' is made by no node");
      }
      if (graph_.is_output(*id)) {
        refuse("output '" + output.name() + "' is listed twice");
      }
      graph_.add_output(*id);
    }
  }

  void require_made() const {
    for (const NodeId id : graph_.order()) {
      for (const ValueId input : graph_.node(id).inputs) {
        if (input != kNoValue && !makers_.contains(graph_.value(input).name)) {
          refuse(describe_node(graph_, id) + ": reads '" + graph_.value(input).name +
                 "', which is no input, no initializer and made by no node");
        }
      }
    }
  }

  /// Values may be read before the node that makes them stands in the file.
  ValueId find_or_add(const std::string& name) {
    const auto known = graph_.find_value(name);
    if (known) {
      return *known;
    }
    require_printable(name, "a value");
    return graph_.add_value(name);
  }

  /// Every value has one origin.
  void claim(const std::string& name, const std::string& maker) {
    const auto [it, is_first] = makers_.emplace(name, maker);
    if (!is_first) {
      refuse("value '" + name + "' is already made by " + it->second);
    }
  }

  static void trim(std::vector<ValueId>& values) {
    while (!values.empty() && values.back() == kNoValue) {
      values.pop_back();
    }
  }

  pb::GraphProto& proto_;
  ExternalFiles& files_;
  Graph graph_;
  std::unordered_map<std::string, std::string> makers_;  // value -> what makes it
};

pb::ModelProto parse_proto(std::span<const std::byte> bytes) {
  if (bytes.size() > std::numeric_limits<int>::max()) {
    refuse("the file is over 2 GiB, which protobuf cannot read; keep the weights in external data",
           ErrorCode::Unsupported);
  }
  require_memory(bytes.size(), "the model");
  pb::ModelProto proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    refuse("not an ONNX file, or a damaged one (protobuf cannot read it)");
  }
  if (!proto.has_graph()) {
    refuse("not an ONNX model: there is no graph in it");
  }
  return proto;
}

std::int64_t default_opset(const pb::ModelProto& proto) {
  std::optional<std::int64_t> opset;
  for (const pb::OperatorSetIdProto& import : proto.opset_import()) {
    if (is_default_domain(import.domain())) {
      if (opset && *opset != import.version()) {
        refuse("the file names two opsets, " + std::to_string(*opset) + " and " +
               std::to_string(import.version()));
      }
      opset = import.version();
    }
  }
  if (!opset) {
    refuse("the file does not say which opset of ONNX it uses");
  }
  return *opset;
}

OnnxModel read_proto(pb::ModelProto proto, ExternalFiles& files) {
  OnnxModel model;
  model.opset = default_opset(proto);
  model.ir_version = proto.ir_version();
  model.producer = proto.producer_name();
  if (!proto.producer_version().empty()) {
    model.producer += (model.producer.empty() ? "" : " ") + proto.producer_version();
  }
  for (const pb::StringStringEntryProto& entry : proto.metadata_props()) {
    model.metadata.insert_or_assign(entry.key(), entry.value());
  }
  for (const pb::NodeProto& node : proto.graph().node()) {
    ++model.operators[node.op_type()];
  }
  model.graph = GraphReader(*proto.mutable_graph(), files).read();
  model.external_files = files.locations();
  upgrade(model.graph, model.opset);
  return model;
}

}  // namespace

OnnxModel read_model(const std::filesystem::path& path) {
  try {
    const MappedFile file(path);
    ExternalFiles files(path.has_parent_path() ? path.parent_path() : ".");
    return read_proto(parse_proto(file.bytes()), files);
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

OnnxModel parse_model(std::span<const std::byte> bytes) {
  ExternalFiles files(std::nullopt);
  return read_proto(parse_proto(bytes), files);
}

}  // namespace mtmi::onnx
