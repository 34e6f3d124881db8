// Times of the INT8 convolutions and resizes of a problem file, one thread, per instruction set.
//
// usage: mtmi_int8_bench PROBLEMS.txt [ISA]
//        lines: conv NAME HEIGHT WIDTH IC OC KERNEL (stride 1, padded to the same size)
//               resize NAME HEIGHT WIDTH CHANNELS FACTOR (linear); # comments
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/core/arena.h"
#include "mtmi/core/random.h"
#include "mtmi/kernels/int8/int8_kernels.h"

namespace {

using mtmi::kernels::int8::Int8Kernels;

struct Problem {
  std::string kind;
  std::string name;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t ic = 0;
  std::int64_t oc = 0;
  std::int64_t kernel = 0;
  std::int64_t factor = 1;
};

std::vector<Problem> read_problems(const char* path) {
  std::vector<Problem> problems;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line.substr(0, line.find('#')));
    Problem p;
    fields >> p.kind >> p.name >> p.height >> p.width >> p.ic;
    if (p.kind == "conv" ? bool(fields >> p.oc >> p.kernel) : bool(fields >> p.factor)) {
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
  for (int i = 0; i < 100 && total < 0.2; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    best = std::min(best, elapsed.count());
    total += elapsed.count();
  }
  return best;
}

/// [s]
double convolution_time(const Problem& p, const Int8Kernels& kernels) {
  const auto axis = [&p](std::int64_t extent) {
    return mtmi::Window{.in = extent,
                        .out = extent,
                        .kernel = p.kernel,
                        .pad_begin = p.kernel / 2,
                        .pad_end = p.kernel / 2};
  };
  const mtmi::kernels::int8::ConvolutionShape shape{
      .h = axis(p.height), .w = axis(p.width), .ic = p.ic, .oc = p.oc};
  mtmi::Random random(1);
  std::vector<std::int8_t> weights(static_cast<std::size_t>(p.oc * shape.depth()));
  for (std::int8_t& w : weights) {
    w = static_cast<std::int8_t>(random.below(255));
  }
  const std::vector<float> multipliers(static_cast<std::size_t>(p.oc), 1e-3F);
  const mtmi::kernels::int8::PackedConvolution packed(
      shape, weights, {.multipliers = multipliers}, kernels.isa);
  const std::int64_t src_pixel = (p.ic + 31) / 32 * 32;
  const std::int64_t dst_pixel = (p.oc + 31) / 32 * 32;
  const auto bytes = [](std::int64_t n) {
    return mtmi::Arena(static_cast<std::size_t>(n), "a benchmark's memory");
  };
  const mtmi::Arena src = bytes(p.height * p.width * src_pixel);
  const mtmi::Arena dst = bytes(p.height * p.width * dst_pixel);
  const mtmi::Arena scratch = bytes(packed.scratch_bytes());
  return best_time([&] {
    kernels.convolution(packed,
                        {.src = reinterpret_cast<const std::int8_t*>(src.data()),
                         .src_pixel = src_pixel,
                         .dst = dst.data(),
                         .dst_pixel = dst_pixel,
                         .dst_channels = p.oc,
                         .row_begin = 0,
                         .row_end = p.height,
                         .scratch = scratch.data()});
  });
}

/// [s]
double resize_time(const Problem& p, const Int8Kernels& kernels) {
  const std::int64_t pixel = (p.ic + 31) / 32 * 32;
  const std::int64_t outputs = p.height * p.width * p.factor * p.factor * pixel;
  const mtmi::Arena src(static_cast<std::size_t>(p.height * p.width * pixel), "the source");
  const mtmi::Arena dst(static_cast<std::size_t>(outputs), "the destination");
  const mtmi::Arena scratch(
      static_cast<std::size_t>(mtmi::kernels::int8::resize_scratch_bytes(p.width, p.ic)),
      "the scratch memory");
  return best_time([&] {
    kernels.resize_linear({.src = reinterpret_cast<const std::int8_t*>(src.data()),
                           .src_pixel = pixel,
                           .dst = reinterpret_cast<std::int8_t*>(dst.data()),
                           .dst_pixel = pixel,
                           .height = p.height,
                           .width = p.width,
                           .channels = p.ic,
                           .factor_h = p.factor,
                           .factor_w = p.factor,
                           .multiplier = 0.05F,
                           .row_end = p.height * p.factor,
                           .scratch = reinterpret_cast<std::int16_t*>(scratch.data())});
  });
}

void print(const Int8Kernels& kernels, const Problem& p, double time) {
  const std::string isa(to_string(kernels.isa));
  if (p.kind == "conv") {
    const auto products = static_cast<double>(p.height * p.width * p.ic * p.oc) *
                          static_cast<double>(p.kernel * p.kernel);
    std::printf("%-10s %-12s %8.3f ms  %7.1f GMAC/s\n",
                isa.c_str(),
                p.name.c_str(),
                time * 1e3,
                products / time * 1e-9);
  } else {
    const auto bytes = static_cast<double>(p.height * p.width * p.factor * p.factor * p.ic);
    std::printf("%-10s %-12s %8.3f ms  %7.1f G elements/s\n",
                isa.c_str(),
                p.name.c_str(),
                time * 1e3,
                bytes / time * 1e-9);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: %s PROBLEMS.txt [ISA]\n", argv[0]);
    return 2;
  }
  for (const Int8Kernels& kernels : mtmi::kernels::int8::all_int8_kernels()) {
    if (!mtmi::has_isa(kernels.isa) ||
        (argc == 3 && std::string_view(argv[2]) != to_string(kernels.isa))) {
      continue;
    }
    double total = 0.0;
    for (const Problem& p : read_problems(argv[1])) {
      const double time = p.kind == "conv" ? convolution_time(p, kernels) : resize_time(p, kernels);
      total += time;
      print(kernels, p, time);
    }
    std::printf("%-10s %-12s %8.3f ms\n",
                std::string(to_string(kernels.isa)).c_str(),
                "total",
                total * 1e3);
  }
  return 0;
}
