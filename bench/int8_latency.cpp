// Latency of a head in INT8 on the host, with the processor time of every step.
//
// usage: mtmi_int8_latency HEAD.onnx [--runs N] [--threads N] [--isa ISA] [--even] [--steps]
//
// Every value but the outputs has a scale, the same one: times do not depend on it. Inputs are INT8
// in CHW32, outputs FP16. --even rounds half to even, as the CPU does; else as a DLA does.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "mtmi/backends/common_host/host_executable.h"
#include "mtmi/backends/common_int8/compile.h"
#include "mtmi/backends/common_int8/make_step.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/random.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/passes/simplify.h"

namespace {

struct Options {
  std::string model;
  int runs = 9;
  mtmi::Int8Isa isa = mtmi::best_int8_isa();
  mtmi::dla::Rounding rounding = mtmi::dla::Rounding::HalfAway;
  bool steps = false;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    const auto next = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (arg == "--runs") {
      options.runs = std::stoi(next());
    } else if (arg == "--threads") {
      mtmi::set_num_threads(std::stoi(next()));
    } else if (arg == "--isa") {
      options.isa = mtmi::parse_int8_isa(next()).value_or(options.isa);
    } else if (arg == "--even") {
      options.rounding = mtmi::dla::Rounding::HalfEven;
    } else if (arg == "--steps") {
      options.steps = true;
    } else {
      options.model = arg;
    }
  }
  return options;
}

mtmi::Engine compile(const Options& options) {
  mtmi::passes::SimplifyOptions simplify;
  simplify.target = mtmi::passes::Target::Dla;
  const mtmi::Graph graph =
      mtmi::passes::simplify(mtmi::onnx::read_model(options.model).graph, simplify).graph;
  constexpr float kScale = 0.03F;
  mtmi::CompileOptions compile_options;
  compile_options.precision = mtmi::Precision::Int8;
  for (const mtmi::NodeId id : graph.order()) {
    for (const mtmi::ValueId output : graph.node(id).outputs) {
      compile_options.scales[graph.value(output).name] = kScale;
    }
  }
  for (const mtmi::ValueId id : graph.inputs()) {
    compile_options.scales[graph.value(id).name] = kScale;
    compile_options.io[graph.value(id).name] = {
        .dtype = mtmi::DType::Int8, .layout = mtmi::Layout::Chw32, .scale = kScale};
  }
  for (const mtmi::ValueId id : graph.outputs()) {
    compile_options.scales.erase(graph.value(id).name);
    compile_options.io[graph.value(id).name] = {
        .dtype = mtmi::DType::Float16, .layout = mtmi::Layout::Linear, .scale = 0.0F};
  }
  return mtmi::int8::compile(graph, compile_options, options.rounding);
}

/// Buffers of an executable and what runs it.
struct Run {
  std::vector<std::unique_ptr<mtmi::HostBuffer>> buffers;
  std::vector<mtmi::Buffer*> in;
  std::vector<mtmi::Buffer*> out;
  std::unique_ptr<mtmi::Invocation> invocation;

  explicit Run(mtmi::Executable& executable) {
    mtmi::Random random(1);
    for (const mtmi::TensorDesc& desc : executable.inputs()) {
      buffers.push_back(std::make_unique<mtmi::HostBuffer>(mtmi::size_bytes_of(desc)));
      in.push_back(buffers.back().get());
      for (std::size_t i = 0; i < in.back()->size_bytes(); ++i) {
        in.back()->host_data()[i] = static_cast<std::byte>(random.below(256));
      }
    }
    for (const mtmi::TensorDesc& desc : executable.outputs()) {
      buffers.push_back(std::make_unique<mtmi::HostBuffer>(mtmi::size_bytes_of(desc)));
      out.push_back(buffers.back().get());
    }
    invocation = executable.bind(in, out);
  }

  void once() { dynamic_cast<mtmi::HostInvocation&>(*invocation).run(); }
};

double processor_milliseconds() {
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void print_steps(mtmi::host::HostExecutable& executable, Run& run) {
  double last = processor_milliseconds();
  executable.set_step_timer([&last](const mtmi::Node& node, std::int64_t wall_ns) {
    const double now = processor_milliseconds();
    std::printf("  %8.3f ms of processor time, %8.3f ms  %s %s\n",
                now - last,
                static_cast<double>(wall_ns) * 1e-6,
                node.op.c_str(),
                node.name.c_str());
    last = processor_milliseconds();
  });
  run.once();
  executable.set_step_timer({});
}

void measure(const Options& options) {
  const auto make = [&](const mtmi::Graph& graph, mtmi::NodeId id) {
    return mtmi::int8::make_step(graph, id, options.isa);
  };
  mtmi::host::HostExecutable executable(compile(options), make, nullptr);
  Run run(executable);
  run.once();
  if (options.steps) {
    print_steps(executable, run);
  }
  std::vector<double> times;
  const double processor = processor_milliseconds();
  for (int i = 0; i < options.runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    run.once();
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    times.push_back(time.count());
  }
  const double each = (processor_milliseconds() - processor) / options.runs;
  std::sort(times.begin(), times.end());
  for (mtmi::Buffer* buffer : run.out) {
    const std::string hash = mtmi::hash_hex({buffer->host_data(), buffer->size_bytes()});
    std::printf("output %s\n", hash.c_str());
  }
  std::printf("%d threads, %s: %.1f ms of processor time; min %.1f ms, median %.2f\n",
              mtmi::thread_pool().num_threads(),
              std::string(to_string(options.isa)).c_str(),
              each,
              times.front(),
              times[times.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    if (options.model.empty()) {
      std::fprintf(
          stderr, "usage: %s HEAD.onnx [options]; they stand at the top of the source\n", argv[0]);
      return 2;
    }
    measure(options);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mtmi_int8_latency: %s\n", e.what());
    return 1;
  }
}
