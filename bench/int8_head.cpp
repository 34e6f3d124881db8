// The heads of the reference network on the simulated DLA against the float32 engine.
//
// usage: int8_head [--size 1024] [--threads 2] [--runs 7] [--isa avx2] [--steps]
//
// Both engines are made of one graph: the head as it is rewritten for a DLA. Runs alternate; what
// is printed is the median of each and their ratio. --isa limits the INT8 kernels; --steps prints
// what each step of the INT8 engine takes.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "mtmi/backends/common_host/host_executable.h"
#include "mtmi/backends/common_int8/compile.h"
#include "mtmi/backends/common_int8/make_step.h"
#include "mtmi/backends/cpu/capability.h"
#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/device/convert.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_event.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/passes/pipeline.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/split/split.h"
#include "mtmi/zoo/mtmi_b0.h"

namespace {

using Clock = std::chrono::steady_clock;
using mtmi::DType;
using mtmi::Graph;

struct Options {
  std::int64_t size = 1024;
  int threads = 2;
  int runs = 7;
  bool steps = false;
  mtmi::Int8Isa isa = mtmi::best_int8_isa();
};

std::vector<mtmi::split::Head> heads_of(std::int64_t size) {
  mtmi::zoo::MtmiB0Options options;
  options.height = size;
  options.width = size;
  auto split =
      mtmi::split::split_graph(mtmi::passes::simplify(mtmi::zoo::make_mtmi_b0(options)).graph, {});
  for (mtmi::split::Head& head : split.heads) {
    head.graph = mtmi::passes::run_pipeline(head.graph, mtmi::passes::dla_passes()).graph;
  }
  return split.heads;
}

mtmi::TensorMap inputs_of(const Graph& graph) {
  mtmi::TensorMap inputs;
  std::uint64_t seed = 1;
  for (const mtmi::ValueId id : graph.inputs()) {
    inputs.insert_or_assign(
        graph.value(id).name,
        mtmi::random_tensor(DType::Float32, graph.type(id).shape, seed++, -2.0F, 2.0F));
  }
  return inputs;
}

/// One loaded engine with its buffers.
class Engine {
 public:
  Engine(std::unique_ptr<mtmi::Executable> executable, const mtmi::TensorMap& inputs)
      : executable_(std::move(executable)), stream_(mtmi::steady_clock(), "bench") {
    std::vector<mtmi::Buffer*> in;
    std::vector<mtmi::Buffer*> out;
    for (const mtmi::TensorDesc& desc : executable_->inputs()) {
      const std::size_t size = mtmi::size_bytes_of(desc);
      buffers_.push_back(std::make_unique<mtmi::HostBuffer>(size));
      mtmi::write_format(inputs.at(desc.name), desc, {buffers_.back()->host_data(), size});
      in.push_back(buffers_.back().get());
    }
    for (const mtmi::TensorDesc& desc : executable_->outputs()) {
      buffers_.push_back(std::make_unique<mtmi::HostBuffer>(mtmi::size_bytes_of(desc)));
      out.push_back(buffers_.back().get());
    }
    invocation_ = executable_->bind(in, out);
  }

  /// [ms]
  double run() {
    mtmi::HostEvent done;
    const auto begin = Clock::now();
    stream_.enqueue(*invocation_, {}, done);
    while (!done.wait_for(std::chrono::seconds(1))) {
    }
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  }

  mtmi::Executable& executable() { return *executable_; }

 private:
  std::unique_ptr<mtmi::Executable> executable_;
  std::vector<std::unique_ptr<mtmi::HostBuffer>> buffers_;
  std::unique_ptr<mtmi::Invocation> invocation_;
  mtmi::HostStream stream_;
};

/// Ranges of a float32 run of the same inputs; outputs of the depth head stay halves.
mtmi::CompileOptions int8_options(const mtmi::split::Head& head, const mtmi::TensorMap& ranges) {
  mtmi::CompileOptions options;
  options.precision = mtmi::Precision::Int8;
  for (const auto& [name, tensor] : ranges) {
    float most = 1e-6F;
    for (const float x : tensor.data<float>()) {
      most = std::max(most, std::abs(x));
    }
    options.scales.emplace(name, most / 127.0F);
  }
  for (const mtmi::ValueId id : head.graph.inputs()) {
    const std::string& name = head.graph.value(id).name;
    options.io[name] = {
        .dtype = DType::Int8, .layout = mtmi::Layout::Chw32, .scale = options.scales.at(name)};
  }
  for (const mtmi::ValueId id : head.graph.outputs()) {
    const std::string& name = head.graph.value(id).name;
    if (head.name == "depth") {
      options.scales.erase(name);
      options.io[name] = {.dtype = DType::Float16, .layout = mtmi::Layout::Linear};
    } else {
      options.io[name] = {
          .dtype = DType::Int8, .layout = mtmi::Layout::Chw32, .scale = options.scales.at(name)};
    }
  }
  return options;
}

/// Every intermediate of a float32 run on a small part of the work: as observed on the CPU.
mtmi::TensorMap observe(const Graph& graph, const mtmi::TensorMap& inputs) {
  mtmi::CompileOptions options;
  options.optimize = false;
  for (const mtmi::NodeId id : graph.order()) {
    options.observe.push_back(graph.value(graph.node(id).outputs[0]).name);
  }
  const auto backend = mtmi::make_cpu_backend();
  const auto device = backend->open(0);
  Engine engine(backend->compile_and_load(graph, backend->capabilities()[0], options, *device),
                inputs);
  mtmi::TensorMap seen = inputs;
  engine.executable().set_observer([&](std::string_view name, const mtmi::Tensor& tensor) {
    seen.insert_or_assign(std::string(name), tensor.clone());
  });
  engine.run();
  return seen;
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

std::unique_ptr<mtmi::host::HostExecutable> load_int8(const Graph& graph,
                                                      const mtmi::CompileOptions& options,
                                                      mtmi::Int8Isa isa) {
  mtmi::Engine engine = mtmi::int8::compile(graph, options, mtmi::dla::Rounding::HalfAway);
  const auto make = [isa](const Graph& lowered, mtmi::NodeId id) {
    return mtmi::int8::make_step(lowered, id, isa);
  };
  return std::make_unique<mtmi::host::HostExecutable>(std::move(engine), make, nullptr);
}

void print_steps(mtmi::host::HostExecutable& executable, Engine& engine) {
  std::vector<std::pair<std::string, double>> steps;
  executable.set_step_timer([&](const mtmi::Node& node, std::int64_t ns) {
    steps.emplace_back(node.op + " " + node.name, static_cast<double>(ns) / 1e6);
  });
  engine.run();
  executable.set_step_timer({});
  for (const auto& [name, ms] : steps) {
    std::printf("    %8.3f ms  %s\n", ms, name.c_str());
  }
}

void measure(const mtmi::split::Head& head, const Options& options) {
  const mtmi::TensorMap inputs = inputs_of(head.graph);
  const mtmi::TensorMap ranges = observe(head.graph, inputs);
  const auto backend = mtmi::make_cpu_backend();
  const auto device = backend->open(0);
  Engine floats(backend->compile_and_load(head.graph, backend->capabilities()[0], {}, *device),
                inputs);
  auto executable = load_int8(head.graph, int8_options(head, ranges), options.isa);
  mtmi::host::HostExecutable& steps = *executable;
  Engine int8(std::move(executable), inputs);
  std::vector<double> float_times;
  std::vector<double> int8_times;
  floats.run();
  int8.run();
  for (int i = 0; i < options.runs; ++i) {
    float_times.push_back(floats.run());
    int8_times.push_back(int8.run());
  }
  const double f = median(float_times);
  const double q = median(int8_times);
  std::printf("%-6s float32 %8.2f ms   int8 (%s) %8.2f ms   ratio %.3f   arena %.1f MiB\n",
              head.name.c_str(),
              f,
              std::string(to_string(options.isa)).c_str(),
              q,
              q / f,
              static_cast<double>(steps.scratch_bytes()) / 1048576.0);
  if (options.steps) {
    print_steps(steps, int8);
  }
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string key = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    if (key == "--steps") {
      options.steps = true;
      continue;
    }
    ++i;
    if (key == "--size") {
      options.size = std::atoll(value);
    } else if (key == "--threads") {
      options.threads = std::atoi(value);
    } else if (key == "--runs") {
      options.runs = std::atoi(value);
    } else if (key == "--isa") {
      options.isa = mtmi::parse_int8_isa(value).value_or(options.isa);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  mtmi::set_num_threads(options.threads);
  std::printf("a model built from public arithmetic and rules, not Orin silicon\n");
  for (const mtmi::split::Head& head : heads_of(options.size)) {
    measure(head, options);
  }
  return 0;
}
