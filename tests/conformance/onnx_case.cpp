#include "onnx_case.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <span>

#include "closeness.h"
#include <onnx/onnx_pb.h>

#include "mtmi/error.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/tensor_file.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::conformance {
namespace {

namespace fs = std::filesystem;

/// By protobuf itself, so that cases are told apart without the reader under test.
std::vector<std::string> operators_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  ::onnx::ModelProto model;
  std::set<std::string> operators;
  if (model.ParseFromIstream(&file)) {
    for (const ::onnx::NodeProto& node : model.graph().node()) {
      if (node.op_type() != "Constant") {
        operators.insert(node.domain().empty() ? node.op_type()
                                               : node.domain() + "." + node.op_type());
      }
    }
  }
  return {operators.begin(), operators.end()};
}

/// The ONNX project keeps bfloat16 elements as those of uint16, which NumPy has.
Tensor read_tensor(const fs::path& path, bool is_bfloat16) {
  if (!is_bfloat16) {
    return onnx::read_tensor(path);
  }
  std::ifstream file(path, std::ios::binary);
  ::onnx::TensorProto proto;
  if (proto.ParseFromIstream(&file) && proto.data_type() == ::onnx::TensorProto::UINT16) {
    proto.set_data_type(::onnx::TensorProto::BFLOAT16);
  }
  const std::string bytes = proto.SerializeAsString();
  return onnx::parse_tensor(std::as_bytes(std::span(bytes)));
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) {
    entries.push_back(entry.path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

TensorMap read_inputs(const Graph& graph, const fs::path& folder) {
  TensorMap inputs;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    const Value& input = graph.value(graph.inputs()[i]);
    const fs::path path = folder / ("input_" + std::to_string(i) + ".pb");
    inputs.emplace(input.name, read_tensor(path, input.dtype == DType::BFloat16));
  }
  return inputs;
}

/// A static graph has its shapes, axes and the like as constants. The cases give them as inputs:
/// all that shapes may follow from is bound, which leaves the data.
Graph bind_inputs(Graph graph, const TensorMap& inputs) {
  const auto decides_shapes = [&graph](std::size_t index) {
    const DType dtype = *graph.value(graph.inputs()[index]).dtype;
    const std::string& op = graph.node(graph.order().front()).op;
    return index > 0 || dtype == DType::Int64 || dtype == DType::Int32 || op == "Range";
  };
  std::vector<ValueId> open;
  std::vector<ValueId> bound;
  passes::InputShapes shapes;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    const ValueId id = graph.inputs()[i];
    (decides_shapes(i) ? bound : open).push_back(id);
    if (!decides_shapes(i)) {
      shapes.emplace(graph.value(id).name, inputs.at(graph.value(id).name).shape());
    }
  }
  graph.set_inputs(open);
  for (const ValueId id : bound) {
    graph.set_constant(id, inputs.at(graph.value(id).name));
  }
  return passes::specialize(std::move(graph), shapes);
}

Graph written_and_read(const Graph& graph) {
  std::string bytes;
  try {
    bytes = onnx::serialize_model(graph, {.opset = onnx::kOldestWrittenOpset});
  } catch (const Error& e) {
    if (e.code() != ErrorCode::Unsupported) {
      throw;
    }
    bytes = onnx::serialize_model(graph, {.opset = onnx::kNewestWrittenOpset});
  }
  return onnx::parse_model(std::as_bytes(std::span(bytes))).graph;
}

Graph treat(const Graph& graph, const TensorMap& inputs, Treatment treatment) {
  switch (treatment) {
    case Treatment::None:
      break;
    case Treatment::Simplified:
      return passes::simplify(bind_inputs(graph, inputs)).graph;
    case Treatment::Written:
      return written_and_read(bind_inputs(graph, inputs));
  }
  return graph;
}

std::string run_data_set(const Graph& graph, const fs::path& folder, Treatment treatment) {
  const TensorMap inputs = read_inputs(graph, folder);
  const TensorMap outputs = interpret(treat(graph, inputs, treatment), inputs);
  for (std::size_t i = 0; i < graph.outputs().size(); ++i) {
    const std::string& name = graph.value(graph.outputs()[i]).name;
    const Tensor& got = outputs.at(name);
    const fs::path path = folder / ("output_" + std::to_string(i) + ".pb");
    const Tensor expected = read_tensor(path, got.dtype() == DType::BFloat16);
    const std::string difference = describe_difference(expected, got);
    if (!difference.empty()) {
      return "output '" + name + "': " + difference;
    }
  }
  return "";
}

}  // namespace

std::vector<OnnxCase> find_cases(const fs::path& root) {
  std::vector<OnnxCase> cases;
  if (!fs::is_directory(root)) {
    return cases;
  }
  for (const fs::path& folder : sorted_entries(root)) {
    if (fs::exists(folder / "model.onnx")) {
      cases.push_back({folder.filename().string(), folder, operators_of(folder / "model.onnx")});
    }
  }
  return cases;
}

std::string run_case(const OnnxCase& onnx_case, Treatment treatment) {
  try {
    const Graph graph = onnx::read_model(onnx_case.folder / "model.onnx").graph;
    int data_sets = 0;
    for (const fs::path& entry : sorted_entries(onnx_case.folder)) {
      if (fs::is_directory(entry)) {
        ++data_sets;
        const std::string difference = run_data_set(graph, entry, treatment);
        if (!difference.empty()) {
          return difference;
        }
      }
    }
    return data_sets > 0 ? "" : "the case has no data";
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace mtmi::conformance
