// Compiles and runs a graph in INT8 once, in the types that its layers exchange: for tests.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "mtmi/backends/common_host/host_executable.h"
#include "mtmi/backends/common_int8/compile.h"
#include "mtmi/backends/common_int8/lower/lower.h"
#include "mtmi/backends/common_int8/make_step.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/convert.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_event.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/error.h"

namespace mtmi::int8 {

/// Inputs and outputs as what lies between layers, linear: Int8 where they have a scale, else
/// Float16. Formats that are already asked for stay.
inline CompileOptions exchanged_formats(const Graph& graph, CompileOptions options) {
  const dla::PrecisionPlan plan = plan_precision(graph, options);
  const auto add = [&](ValueId id) {
    const bool int8 = plan.is_int8(id);
    options.io.emplace(graph.value(id).name,
                       IoFormat{.dtype = int8 ? DType::Int8 : DType::Float16,
                                .layout = Layout::Linear,
                                .scale = int8 ? plan.scale(id) : 0.0F});
  };
  std::for_each(graph.inputs().begin(), graph.inputs().end(), add);
  std::for_each(graph.outputs().begin(), graph.outputs().end(), add);
  return options;
}

/// Runs `executable` once on tensors of its inputs' types (or Float32, converted as a host does).
inline TensorMap run_once(Executable& executable, const TensorMap& inputs) {
  std::vector<std::unique_ptr<HostBuffer>> buffers;
  std::vector<Buffer*> in;
  std::vector<Buffer*> out;
  for (const TensorDesc& desc : executable.inputs()) {
    const std::size_t size = size_bytes_of(desc);
    buffers.push_back(std::make_unique<HostBuffer>(size));
    write_format(inputs.at(desc.name), desc, {buffers.back()->host_data(), size});
    in.push_back(buffers.back().get());
  }
  for (const TensorDesc& desc : executable.outputs()) {
    buffers.push_back(std::make_unique<HostBuffer>(size_bytes_of(desc)));
    out.push_back(buffers.back().get());
  }
  const auto invocation = executable.bind(in, out);
  HostStream stream(steady_clock(), "test");
  HostEvent done;
  stream.enqueue(*invocation, {}, done);
  if (!done.wait_for(std::chrono::minutes(5))) {
    throw Error(ErrorCode::Timeout, "int8::run_once", "the engine did not finish");
  }
  if (done.error()) {
    throw *done.error();
  }
  TensorMap results;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const TensorDesc& desc = executable.outputs()[i];
    results.insert_or_assign(desc.name,
                             read_format({out[i]->host_data(), size_bytes_of(desc)}, desc));
  }
  return results;
}

/// The outputs of `graph` by name, computed with the kernels of `isa`, by way of an engine file.
inline TensorMap run_int8(const Graph& graph,
                          const TensorMap& inputs,
                          const CompileOptions& options,
                          dla::Rounding rounding,
                          Int8Isa isa) {
  const std::vector<std::byte> bytes = write_engine(compile(graph, options, rounding));
  const auto make = [isa](const Graph& lowered, NodeId id) { return make_step(lowered, id, isa); };
  host::HostExecutable executable(read_engine(bytes, nullptr), make, nullptr);
  return run_once(executable, inputs);
}

}  // namespace mtmi::int8
