// Takes changed networks through reader, inference, passes and interpreter, each in a process of
// its own with limits on memory and time: every one is computed or refused with one sentence.
//
// usage: mtmi_mutate_networks COUNT SEED KEEP_FOLDER SEED_FILE...
//
// Seed files are ONNX models, or graphs as text (.graph). A mutant that crashes, hangs, or leaves
// with anything but a sentence is kept in KEEP_FOLDER; the exit status is 1 then.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "network_mutator.h"
#include "one_sentence.h"
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/core/file.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/dla/rules.h"
#include "mtmi/error.h"
#include "mtmi/graph/random_inputs.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/ops/output_agreement.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/passes/specialize.h"
#include "mtmi/runtime/session.h"
#include "mtmi/split/split.h"

namespace mtmi::fuzz {
namespace {

constexpr std::size_t kTensorLimitBytes = std::size_t{256} << 20;
constexpr rlim_t kProcessLimitBytes = rlim_t{4} << 30;
constexpr unsigned kTimeLimitSeconds = 20;

// Sanitizers keep shadows of the whole address space. g++ says so by macros, clang by features.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kIsSanitized = false;
#endif

enum class Outcome { Computed, Refused, Failed };
constexpr int kRefusedStatus = 3;

std::string read_seed(const std::filesystem::path& path) {
  const MappedFile file(path);
  if (path.extension() != ".graph") {
    return std::string(file.text());
  }
  return onnx::serialize_model(passes::specialize(parse_text(file.text())));
}

/// Rounding is no error: products of large numbers that cancel are left alone.
constexpr double kTolerance = 1e-3;
constexpr double kLargest = 1e4;

bool is_moderate(const Tensor& tensor) {
  if (tensor.dtype() != DType::Float32) {
    return !is_floating_point(tensor.dtype());
  }
  const auto data = tensor.data<float>();
  return std::all_of(data.begin(), data.end(), [](float x) { return std::abs(x) < kLargest; });
}

/// Aborts, saying how, if outputs differ. Where any value on the way is not moderate, nothing is
/// said: what comes of infinities and cancellation is open.
void expect_equal(const Graph& reference,
                  const TensorMap& inputs,
                  const TensorMap& expected,
                  const TensorMap& got,
                  const char* what) {
  const auto run_reference = [&](const Graph& scores) { return interpret(scores, inputs); };
  for (const auto& [name, dtype, agreement] :
       ops::compare_outputs(reference, expected, got, run_reference)) {
    if (!agrees(agreement, dtype, kTolerance)) {
      std::fprintf(
          stderr, "%s: output '%s': %s\n", what, name.c_str(), describe(agreement, dtype).c_str());
      std::abort();
    }
  }
}

/// Everything that the verbs do with a model, but the pictures. What can be computed is computed
/// alike after simplification and by the CPU backend.
void run(const std::string& bytes) {
  const Graph graph = passes::specialize(onnx::parse_model(std::as_bytes(std::span(bytes))).graph);
  const TensorMap inputs = random_inputs(graph, 1);
  bool is_comparable = true;
  const TensorMap expected =
      interpret(graph, inputs, [&is_comparable](const std::string&, const Tensor& tensor) {
        is_comparable = is_comparable && is_moderate(tensor);
      });
  const Graph simple = passes::simplify(graph).graph;
  const TensorMap simplified = interpret(simple, inputs);
  if (is_comparable) {
    expect_equal(graph, inputs, expected, simplified, "simplified");
  }
  expect_one_sentence([&] {
    passes::SimplifyOptions options;
    options.target = passes::Target::Dla;
    const Graph for_dla = passes::simplify(simple, options).graph;
    static_cast<void>(dla::check(for_dla));
    const TensorMap rewritten = interpret(for_dla, inputs);
    if (is_comparable) {
      expect_equal(graph, inputs, expected, rewritten, "for a DLA");
    }
  });
  expect_one_sentence([&] {
    const auto backend = make_cpu_backend();
    const TensorMap computed = Session(*backend, simple, CompileOptions{}).run(inputs);
    if (is_comparable) {
      expect_equal(graph, inputs, expected, computed, "cpu");
    }
  });
  expect_one_sentence([&] { static_cast<void>(split::split_graph(simple, {})); });
  expect_one_sentence(
      [&] { static_cast<void>(onnx::serialize_model(passes::expand_for_onnx(simple))); });
}

/// In the child: never returns.
[[noreturn]] void run_limited(const std::string& bytes) {
  set_memory_limit(kTensorLimitBytes);
  if (!kIsSanitized) {
    const rlimit memory{kProcessLimitBytes, kProcessLimitBytes};
    setrlimit(RLIMIT_AS, &memory);
  }
  alarm(kTimeLimitSeconds);
  bool is_computed = false;
  expect_one_sentence([&] {
    run(bytes);
    is_computed = true;
  });
  std::_Exit(is_computed ? 0 : kRefusedStatus);
}

Outcome try_mutant(const std::string& bytes) {
  const pid_t child = fork();
  if (child == 0) {
    run_limited(bytes);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    std::perror("mtmi_mutate_networks");
    std::exit(2);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return Outcome::Computed;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == kRefusedStatus ? Outcome::Refused
                                                                    : Outcome::Failed;
}

struct Options {
  std::uint64_t count = 0;
  std::uint64_t seed = 0;
  std::filesystem::path keep;
  std::vector<std::string> seeds;
};

int run_all(const Options& options) {
  std::uint64_t counts[3]{};
  for (std::uint64_t i = 0; i < options.count; ++i) {
    Random random(options.seed + i * 0x9E37U);
    ::onnx::ModelProto model;
    if (!model.ParseFromString(options.seeds[random.below(options.seeds.size())])) {
      std::fprintf(stderr, "a seed is no model\n");
      return 2;
    }
    const std::string changes = mutate(model, random);
    const std::string bytes = model.SerializeAsString();
    const Outcome outcome = try_mutant(bytes);
    ++counts[static_cast<int>(outcome)];
    if (outcome == Outcome::Failed) {
      const auto path = options.keep / ("mutant_" + std::to_string(i) + ".onnx");
      write_file(path, bytes);
      std::fprintf(stderr, "FAILED: %s (%s)\n", path.c_str(), changes.c_str());
    }
  }
  std::printf("%llu mutants: %llu computed, %llu refused with a sentence, %llu failed\n",
              static_cast<unsigned long long>(options.count),
              static_cast<unsigned long long>(counts[0]),
              static_cast<unsigned long long>(counts[1]),
              static_cast<unsigned long long>(counts[2]));
  return counts[2] == 0 ? 0 : 1;
}

}  // namespace
}  // namespace mtmi::fuzz

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: mtmi_mutate_networks COUNT SEED KEEP_FOLDER SEED_FILE...\n");
    return 2;
  }
  try {
    mtmi::fuzz::Options options;
    options.count = std::strtoull(argv[1], nullptr, 10);
    options.seed = std::strtoull(argv[2], nullptr, 10);
    options.keep = argv[3];
    for (int i = 4; i < argc; ++i) {
      options.seeds.push_back(mtmi::fuzz::read_seed(argv[i]));
    }
    return mtmi::fuzz::run_all(options);
  } catch (const mtmi::Error& e) {
    std::fprintf(stderr, "mtmi_mutate_networks: %s\n", e.what());
    return 2;
  }
}
