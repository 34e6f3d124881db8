#include "mtmi/onnx/writer.h"

#include <charconv>
#include <exception>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "mtmi/core/file.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"
#include "mtmi/onnx/attribute_proto.h"
#include "mtmi/onnx/downgrade.h"
#include "mtmi/onnx/proto.h"
#include "mtmi/onnx/tensor_proto.h"

namespace mtmi::onnx {
namespace {

// Small tensors stay in the file: other tools want shapes and axes there.
constexpr std::size_t kExternalMinBytes = 1024;
constexpr std::size_t kExternalAlignment = 64;
// Above this the weights go beside the file; what is left for names and shapes is ample.
constexpr std::size_t kMaxInlineBytes = std::size_t{1900} << 20;

/// The file beside a model that takes its large tensors, in the order in which they come.
class ExternalFile {
 public:
  explicit ExternalFile(const std::filesystem::path& path)
      : location_(path.filename().string()), file_(path) {}

  void add(const Tensor& tensor, pb::TensorProto& proto) {
    static constexpr std::byte kZeros[kExternalAlignment]{};
    const std::size_t padding =
        (kExternalAlignment - size_ % kExternalAlignment) % kExternalAlignment;
    file_.write(std::span(kZeros).first(padding));
    size_ += padding;
    file_.write(tensor.bytes());
    proto.set_data_location(pb::TensorProto::EXTERNAL);
    set_entry(proto, "location", location_);
    set_entry(proto, "offset", std::to_string(size_));
    set_entry(proto, "length", std::to_string(tensor.size_bytes()));
    size_ += tensor.size_bytes();
  }

  void commit() { file_.commit(); }

 private:
  static void set_entry(pb::TensorProto& proto, const char* key, const std::string& value) {
    pb::StringStringEntryProto& entry = *proto.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  }

  std::string location_;
  AtomicFile file_;
  std::size_t size_ = 0;
};

/// The IR version that came with the release of ONNX that brought `opset`.
std::int64_t ir_version_of(std::int64_t opset) {
  return opset <= 14 ? 7 : opset <= 18 ? 8 : opset <= 20 ? 9 : 10;
}

void write_extent(const std::string& text, pb::TensorShapeProto::Dimension& dim) {
  std::int64_t extent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), extent);
  if (error == std::errc{} && end == text.data() + text.size()) {
    dim.set_dim_value(extent);
  } else if (text != "?") {
    dim.set_dim_param(text);
  }
}

void write_value_info(const Value& value, pb::ValueInfoProto& proto) {
  proto.set_name(value.name);
  if (!value.dtype) {
    return;
  }
  pb::TypeProto::Tensor& type = *proto.mutable_type()->mutable_tensor_type();
  type.set_elem_type(to_data_type(*value.dtype));
  if (value.shape) {
    type.mutable_shape();  // a scalar has a shape without extents
    for (const std::int64_t extent : value.shape->extents()) {
      type.mutable_shape()->add_dim()->set_dim_value(extent);
    }
  } else {
    for (const std::string& name : value.dim_names) {
      write_extent(name, *type.mutable_shape()->add_dim());
    }
  }
}

void write_nodes(const Graph& graph, pb::GraphProto& proto) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    pb::NodeProto& node_proto = *proto.add_node();
    node_proto.set_name(node.name);
    node_proto.set_op_type(node.op);
    for (const ValueId input : node.inputs) {
      node_proto.add_input(input == kNoValue ? "" : graph.value(input).name);
    }
    for (const ValueId output : node.outputs) {
      node_proto.add_output(output == kNoValue ? "" : graph.value(output).name);
    }
    write_attributes(node.attributes, node_proto);
  }
}

void write_values(const Graph& graph, pb::GraphProto& proto, ExternalFile* external) {
  for (const ValueId id : graph.inputs()) {
    write_value_info(graph.value(id), *proto.add_input());
  }
  for (const ValueId id : graph.outputs()) {
    write_value_info(graph.value(id), *proto.add_output());
  }
  for (const ValueId id : graph.values()) {
    const Value& value = graph.value(id);
    if (value.constant && external != nullptr &&
        value.constant->size_bytes() >= kExternalMinBytes) {
      pb::TensorProto& tensor = *proto.add_initializer();
      write_type(*value.constant, value.name, tensor);
      external->add(*value.constant, tensor);
    } else if (value.constant) {
      write_tensor(*value.constant, value.name, *proto.add_initializer());
    } else if (value.dtype && value.shape && !graph.is_input(id) && !graph.is_output(id)) {
      write_value_info(value, *proto.add_value_info());
    }
  }
}

std::size_t constant_bytes(const Graph& graph) {
  std::size_t bytes = 0;
  for (const ValueId id : graph.values()) {
    bytes += graph.is_constant(id) ? graph.value(id).constant->size_bytes() : 0;
  }
  return bytes;
}

Graph downgraded(const Graph& graph, std::int64_t opset) {
  if (opset < kOldestWrittenOpset || opset > kNewestWrittenOpset) {
    throw Error(ErrorCode::InvalidArgument,
                "onnx::write_model",
                "got opset " + std::to_string(opset) + " to write, expected " +
                    std::to_string(kOldestWrittenOpset) + " to " +
                    std::to_string(kNewestWrittenOpset));
  }
  Graph older = graph;
  downgrade(older, opset);
  return older;
}

pb::ModelProto to_proto(const Graph& graph, const WriteOptions& options, ExternalFile* external) {
  if (external == nullptr) {
    require_memory(constant_bytes(graph), "the model to write");
  }
  pb::ModelProto model;
  model.set_ir_version(ir_version_of(options.opset));
  model.set_producer_name("mtmi");
  model.add_opset_import()->set_version(options.opset);
  for (const auto& [key, value] : options.metadata) {
    pb::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  pb::GraphProto& proto = *model.mutable_graph();
  proto.set_name(graph.name.empty() ? "main" : graph.name);
  write_nodes(graph, proto);
  write_values(graph, proto, external);
  if (model.ByteSizeLong() > std::numeric_limits<int>::max()) {
    throw Error(ErrorCode::Unsupported,
                "onnx::write_model",
                "the model would be over 2 GiB, which protobuf cannot read; write it with external "
                "data");
  }
  return model;
}

/// Lets protobuf write into an AtomicFile. No exception passes through protobuf, whose destructors
/// write once more: it is kept and thrown behind.
class FileSink : public google::protobuf::io::CopyingOutputStream {
 public:
  explicit FileSink(AtomicFile& file) : file_(file) {}

  bool Write(const void* buffer, int size) override {
    if (error_) {
      return false;
    }
    try {
      file_.write(std::span(static_cast<const std::byte*>(buffer), static_cast<std::size_t>(size)));
      return true;
    } catch (const Error&) {
      error_ = std::current_exception();
      return false;
    }
  }

  void rethrow() const {
    if (error_) {
      std::rethrow_exception(error_);
    }
  }

 private:
  AtomicFile& file_;
  std::exception_ptr error_;
};

void write_proto(const pb::ModelProto& model, AtomicFile& file) {
  constexpr int kBlockBytes = 1 << 20;
  FileSink sink(file);
  {
    google::protobuf::io::CopyingOutputStreamAdaptor stream(&sink, kBlockBytes);
    model.SerializeToZeroCopyStream(&stream);
  }
  sink.rethrow();
}

}  // namespace

void write_model(const Graph& graph,
                 const std::filesystem::path& path,
                 const WriteOptions& options) {
  const Graph older = downgraded(graph, options.opset);
  std::optional<ExternalFile> external;
  if (options.external_data || constant_bytes(older) > kMaxInlineBytes) {
    external.emplace(path.string() + ".data");
  }
  const pb::ModelProto model = to_proto(older, options, external ? &*external : nullptr);
  AtomicFile file(path);
  write_proto(model, file);
  if (external) {
    external->commit();  // first, so that a model never stands without its weights
  }
  file.commit();
}

std::string serialize_model(const Graph& graph, const WriteOptions& options) {
  return to_proto(downgraded(graph, options.opset), options, nullptr).SerializeAsString();
}

}  // namespace mtmi::onnx
