// Latency of a model on the CPU backend, with the share of every kind of step.
//
// usage: mtmi_cpu_latency MODEL.onnx [--runs N] [--threads N] [--isa generic|avx2|avx512]
//            [--input FILE.npy] [--expect OUTPUT=FILE.npy]... [--steps] [--plain] [--no-simplify]
//            [--bf16]
//
// --bf16 multiplies in bfloat16, taking turns with float32 in the end: both times and their ratio.
// --plain compiles without fusion; --steps lists every step; --expect compares an output with a
// file. The hashes of the outputs are the same for every --threads. The last token printed is the
// median in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/backends/common_host/host_executable.h"
#include "mtmi/backends/cpu/capability.h"
#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/core/agreement.h"
#include "mtmi/core/cpu_features.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/passes/simplify.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string model;
  int runs = 9;
  std::string input;
  std::map<std::string, std::string> expected;
  mtmi::Isa isa = mtmi::best_isa();
  bool steps = false;
  bool plain = false;
  bool bf16 = false;
  bool simplify = true;
};

double milliseconds(Clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

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
      options.isa = mtmi::parse_isa(next()).value_or(options.isa);
    } else if (arg == "--input") {
      options.input = next();
    } else if (arg == "--expect") {
      const std::string pair = next();
      options.expected[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    } else if (arg == "--steps") {
      options.steps = true;
    } else if (arg == "--bf16") {
      options.bf16 = true;
    } else if (arg == "--plain") {
      options.plain = true;
    } else if (arg == "--no-simplify") {
      options.simplify = false;
    } else {
      options.model = arg;
    }
  }
  return options;
}

std::vector<std::byte> compile(const Options& options, mtmi::Precision precision) {
  mtmi::Graph graph = mtmi::onnx::read_model(options.model).graph;
  if (options.simplify) {
    mtmi::passes::SimplifyOptions simplify_options;
    simplify_options.target = mtmi::passes::Target::Cpu;
    graph = mtmi::passes::simplify(std::move(graph), simplify_options).graph;
  } else {
    graph = mtmi::passes::specialize(std::move(graph), {});
  }
  mtmi::CompileOptions compile_options;
  compile_options.optimize = !options.plain;
  compile_options.precision = precision;
  const auto start = Clock::now();
  auto engine = mtmi::make_cpu_backend()->compile(
      graph, mtmi::cpu::capability_of(options.isa), compile_options);
  std::printf(
      "%zu nodes, compiled in %.1f ms\n", graph.order().size(), milliseconds(Clock::now() - start));
  return engine;
}

/// An executable with buffers of its own.
class Runner {
 public:
  explicit Runner(std::span<const std::byte> engine)
      : device_(mtmi::make_cpu_backend()->open(0)), executable_(device_->load(engine, nullptr)) {
    for (const mtmi::TensorDesc& desc : executable_->inputs()) {
      inputs_.push_back(device_->allocate(mtmi::size_bytes_of(desc)));
      in_.push_back(inputs_.back().get());
    }
    for (const mtmi::TensorDesc& desc : executable_->outputs()) {
      outputs_.push_back(device_->allocate(mtmi::size_bytes_of(desc)));
      out_.push_back(outputs_.back().get());
    }
    invocation_ = executable_->bind(in_, out_);
  }

  void set_input(std::size_t index, const mtmi::Tensor& tensor) {
    std::memcpy(in_[index]->host_data(), tensor.bytes().data(), in_[index]->size_bytes());
  }

  [[nodiscard]] mtmi::Tensor output(std::size_t index) {
    const mtmi::TensorDesc& desc = executable_->outputs()[index];
    return mtmi::Tensor::wrap(desc.dtype, desc.shape, out_[index]->host_data(), nullptr);
  }

  void run() { dynamic_cast<mtmi::HostInvocation&>(*invocation_).run(); }

  [[nodiscard]] mtmi::host::HostExecutable& executable() {
    return dynamic_cast<mtmi::host::HostExecutable&>(*executable_);
  }

 private:
  std::unique_ptr<mtmi::Device> device_;
  std::unique_ptr<mtmi::Executable> executable_;
  std::vector<std::unique_ptr<mtmi::Buffer>> inputs_;
  std::vector<std::unique_ptr<mtmi::Buffer>> outputs_;
  std::vector<mtmi::Buffer*> in_;
  std::vector<mtmi::Buffer*> out_;
  std::unique_ptr<mtmi::Invocation> invocation_;
};

void fill_inputs(Runner& runner, const Options& options) {
  const auto descs = runner.executable().inputs();
  for (std::size_t i = 0; i < descs.size(); ++i) {
    runner.set_input(i,
                     options.input.empty()
                         ? mtmi::random_tensor(descs[i].dtype, descs[i].shape, 1 + i)
                         : mtmi::read_npy(options.input));
  }
}

void compare_outputs(Runner& runner, const Options& options) {
  const auto descs = runner.executable().outputs();
  for (std::size_t i = 0; i < descs.size(); ++i) {
    std::printf(
        "%s: %s\n", descs[i].name.c_str(), mtmi::hash_hex(runner.output(i).bytes()).c_str());
    const auto it = options.expected.find(descs[i].name);
    if (it == options.expected.end()) {
      continue;
    }
    const mtmi::Tensor expected = mtmi::read_npy(it->second);
    mtmi::Tensor got = runner.output(i);
    if (expected.dtype() == mtmi::DType::UInt8) {  // labels
      mtmi::Tensor narrow(mtmi::DType::UInt8, got.shape());
      std::copy(got.data<std::int64_t>().begin(),
                got.data<std::int64_t>().end(),
                narrow.data<std::uint8_t>().begin());
      got = narrow;
    }
    std::printf("%s: %s\n",
                descs[i].name.c_str(),
                mtmi::describe(mtmi::compare(expected, got), expected.dtype()).c_str());
  }
}

/// Processor time of the process: on a busy machine it says more than the clock on the wall.
double processor_milliseconds() {
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// The share of each kind of step in processor time, over `runs` runs.
void profile(Runner& runner, const Options& options) {
  std::map<std::string, double> by_op;
  std::vector<std::pair<std::string, double>> steps;
  std::size_t step = 0;
  double total = 0.0;
  double last = 0.0;
  runner.executable().set_step_timer([&](const mtmi::Node& node, std::int64_t /*wall_ns*/) {
    const double now = processor_milliseconds();
    const double ms = now - last;
    last = now;
    by_op[node.op] += ms;
    total += ms;
    if (steps.size() <= step) {
      steps.emplace_back(node.op + " " + node.name, ms);
    } else {
      steps[step].second = std::min(steps[step].second, ms);
    }
    ++step;
  });
  for (int i = 0; i < options.runs; ++i) {
    step = 0;
    last = processor_milliseconds();
    runner.run();
  }
  runner.executable().set_step_timer({});
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [op, ms] : by_op) {
    sorted.emplace_back(ms / options.runs, op);
  }
  std::sort(sorted.rbegin(), sorted.rend());
  for (const auto& [ms, op] : sorted) {
    std::printf("  %-20s %8.2f ms  %5.1f %%\n", op.c_str(), ms, 100.0 * ms * options.runs / total);
  }
  std::printf("  %-20s %8.2f ms of processor time a run\n", "all", total / options.runs);
  if (options.steps) {
    for (const auto& [name, ms] : steps) {
      std::printf("    %8.3f ms  %s\n", ms, name.c_str());
    }
  }
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

double timed_run(Runner& runner) {
  const auto begin = Clock::now();
  runner.run();
  return milliseconds(Clock::now() - begin);
}

void measure(const Options& options) {
  using mtmi::Precision;
  const auto precision = options.bf16 ? Precision::BFloat16 : Precision::Float32;
  const std::vector<std::byte> engine = compile(options, precision);
  const auto start = Clock::now();
  Runner runner(engine);
  std::printf("loaded in %.1f ms, engine %.1f MiB, working memory %.1f MiB\n",
              milliseconds(Clock::now() - start),
              static_cast<double>(engine.size()) / (1 << 20),
              static_cast<double>(runner.executable().scratch_bytes()) / (1 << 20));
  fill_inputs(runner, options);
  runner.run();
  compare_outputs(runner, options);
  profile(runner, options);
  std::vector<std::byte> plain_engine;  // its constants are used where they lie
  std::optional<Runner> plain;
  if (options.bf16) {
    plain_engine = compile(options, Precision::Float32);
    plain.emplace(plain_engine);
    fill_inputs(*plain, options);
    plain->run();
  }
  std::vector<double> times;
  std::vector<double> plain_times;
  for (int i = 0; i < options.runs; ++i) {
    times.push_back(timed_run(runner));
    if (plain) {
      plain_times.push_back(timed_run(*plain));
    }
  }
  if (plain) {
    std::printf("float32, in turn: median %.2f ms, bfloat16 is faster by %.2f; bfloat16 by %s: ",
                median(plain_times),
                median(plain_times) / median(times),
                std::string(to_string(mtmi::best_bf16_isa())).c_str());
  }
  std::printf("%d threads, %s: min %.1f ms, median %.2f\n",
              mtmi::thread_pool().num_threads(),
              std::string(to_string(options.isa)).c_str(),
              *std::min_element(times.begin(), times.end()),
              median(times));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    if (options.model.empty()) {
      std::fprintf(
          stderr, "usage: %s MODEL.onnx [options]; they stand at the top of the source\n", argv[0]);
      return 2;
    }
    measure(options);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mtmi_cpu_latency: %s\n", e.what());
    return 1;
  }
}
