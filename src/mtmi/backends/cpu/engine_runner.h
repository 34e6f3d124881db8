// Compiles, loads and runs a graph once: for tests.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "mtmi/backends/cpu/capability.h"
#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/device/device.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::cpu {

/// The bytes of each output as its descriptor says, by name.
using OutputBytes = std::map<std::string, std::vector<std::byte>, std::less<>>;

/// Runs an engine once; `visit` sees each output's descriptor and bytes.
template <class Visit>
void run_engine(const Graph& graph,
                const TensorMap& inputs,
                Isa isa,
                const CompileOptions& options,
                const IntermediateObserver& observer,
                const Visit& visit) {
  const auto backend = make_cpu_backend();
  const std::vector<std::byte> engine = backend->compile(graph, capability_of(isa), options);
  const auto device = backend->open(0);
  const auto executable = device->load(engine, nullptr);
  executable->set_observer(observer);
  std::vector<std::unique_ptr<Buffer>> buffers;
  std::vector<Buffer*> in;
  std::vector<Buffer*> out;
  for (const TensorDesc& desc : executable->inputs()) {
    buffers.push_back(device->allocate(size_bytes_of(desc)));
    const auto bytes = inputs.at(desc.name).bytes();
    std::copy(bytes.begin(), bytes.end(), buffers.back()->host_data());
    in.push_back(buffers.back().get());
  }
  for (const TensorDesc& desc : executable->outputs()) {
    buffers.push_back(device->allocate(size_bytes_of(desc)));
    out.push_back(buffers.back().get());
  }
  const auto invocation = executable->bind(in, out);
  const auto stream = device->make_stream();
  const auto done = device->make_event();
  stream->enqueue(*invocation, {}, *done);
  if (!done->wait_for(std::chrono::minutes(5))) {
    throw Error(ErrorCode::Timeout, "run_on_cpu", "the engine did not finish");
  }
  if (done->error()) {
    throw *done->error();
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    visit(executable->outputs()[i], out[i]->host_data());
  }
}

/// The outputs of `graph` on the CPU backend, by name; row-major in their descriptor's shape.
inline TensorMap run_on_cpu(const Graph& graph,
                            const TensorMap& inputs,
                            Isa isa = best_isa(),
                            const CompileOptions& options = {},
                            const IntermediateObserver& observer = {}) {
  TensorMap results;
  run_engine(graph, inputs, isa, options, observer, [&](const TensorDesc& desc, std::byte* data) {
    const Tensor view = Tensor::wrap(desc.dtype, desc.shape, data, nullptr);
    results.insert_or_assign(desc.name, view.clone());
  });
  return results;
}

/// The same for formats that are no plain tensors. Inputs are the bytes of their buffers.
inline OutputBytes run_bytes_on_cpu(const Graph& graph,
                                    const TensorMap& inputs,
                                    const CompileOptions& options) {
  OutputBytes results;
  run_engine(graph, inputs, best_isa(), options, {}, [&](const TensorDesc& desc, std::byte* data) {
    results.emplace(desc.name, std::vector<std::byte>(data, data + size_bytes_of(desc)));
  });
  return results;
}

}  // namespace mtmi::cpu
