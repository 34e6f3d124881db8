// Rates of the product kernel on the shapes of a problem file, one thread.
//
// usage: mtmi_gemm_bench PROBLEMS.txt      lines: NAME COLUMNS SEGMENTS LENGTH OUTPUTS; # comments
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "mtmi/core/random.h"
#include "mtmi/kernels/fast/fast_kernels.h"
#include "mtmi/kernels/fast/packed_weights.h"

namespace {

using mtmi::kernels::FastKernels;

struct Problem {
  std::string name;
  std::int64_t columns = 0;
  std::int64_t segments = 0;
  std::int64_t length = 0;
  std::int64_t outputs = 0;
};

std::vector<Problem> read_problems(const char* path) {
  std::vector<Problem> problems;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line.substr(0, line.find('#')));
    Problem p;
    if (fields >> p.name >> p.columns >> p.segments >> p.length >> p.outputs) {
      problems.push_back(p);
    }
  }
  if (problems.empty()) {
    std::fprintf(stderr, "%s: got no line of a problem, expected some\n", path);
    std::exit(1);
  }
  return problems;
}

/// The best of several runs [s].
template <class F>
double best_time(const F& run) {
  double best = 1e9;
  double total = 0.0;
  for (int i = 0; i < 200 && total < 0.3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    best = std::min(best, elapsed.count());
    total += elapsed.count();
  }
  return best;
}

double gflops(const Problem& p, const FastKernels& kernels) {
  mtmi::Random random(1);
  const std::int64_t depth = p.segments * p.length;
  const mtmi::kernels::PackedShape shape{depth, p.outputs, kernels.block, kernels.lanes};
  std::vector<float> weights(static_cast<std::size_t>(shape.num_floats()), 0.5F);
  std::vector<float> src(static_cast<std::size_t>(depth * p.columns + depth), 0.25F);
  std::vector<float> dst(static_cast<std::size_t>(p.columns * p.outputs));
  std::vector<std::int64_t> offsets;
  for (std::int64_t s = 0; s < p.segments; ++s) {
    offsets.push_back(s * p.length);
  }
  const double time = best_time([&] {
    kernels.gemm({.src = src.data(),
                  .src_column = p.segments == 1 ? p.length : p.length / p.segments,
                  .segments = offsets.data(),
                  .num_segments = p.segments,
                  .segment_length = p.length,
                  .weights = weights.data(),
                  .outputs = p.outputs,
                  .dst = dst.data(),
                  .dst_column = p.outputs,
                  .columns = p.columns,
                  .epilogue = {}});
  });
  return 2e-9 * static_cast<double>(depth * p.columns * p.outputs) / time;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s PROBLEMS.txt\n", argv[0]);
    return 2;
  }
  for (const FastKernels& kernels : mtmi::kernels::all_fast_kernels()) {
    if (!mtmi::has_isa(kernels.isa)) {
      continue;
    }
    for (const Problem& p : read_problems(argv[1])) {
      std::printf("%-8s %-12s columns %6ld depth %5ld outputs %4ld  %7.1f GFLOP/s\n",
                  std::string(to_string(kernels.isa)).c_str(),
                  p.name.c_str(),
                  p.columns,
                  p.segments * p.length,
                  p.outputs,
                  gflops(p, kernels));
    }
  }
  return 0;
}
