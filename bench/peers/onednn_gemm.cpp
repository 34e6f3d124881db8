// Rates of oneDNN's matrix product on the shapes of a problem file, one thread: beside
// mtmi_gemm_bench, for docs/decisions/0001.
//
// build: g++ -std=c++20 -O2 bench/peers/onednn_gemm.cpp -ldnnl -o /tmp/onednn_gemm
//        (Debian package libdnnl-dev; not part of the project's build)
// usage: OMP_NUM_THREADS=1 /tmp/onednn_gemm PROBLEMS.txt
//        Lines of several segments are convolutions and left out.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include <oneapi/dnnl/dnnl.hpp>

namespace {

struct Problem {
  std::string name;
  long columns = 0;
  long segments = 0;
  long length = 0;
  long outputs = 0;
};

/// [GFLOP/s], the best of several runs, with weights in the layout that the library likes best.
double rate_of(const Problem& p, const dnnl::engine& engine, dnnl::stream& stream) {
  using Tag = dnnl::memory::format_tag;
  constexpr auto kFloat = dnnl::memory::data_type::f32;
  const dnnl::memory::desc src({p.columns, p.length}, kFloat, Tag::ab);
  const dnnl::memory::desc any({p.length, p.outputs}, kFloat, Tag::any);
  const dnnl::memory::desc dst({p.columns, p.outputs}, kFloat, Tag::ab);
#if DNNL_VERSION_MAJOR < 3
  const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(src, any, dst), engine);
#else
  const dnnl::matmul::primitive_desc description(engine, src, any, dst);
#endif
  const dnnl::memory source(src, engine);
  const dnnl::memory weights(description.weights_desc(), engine);
  const dnnl::memory target(dst, engine);
  for (const auto& [memory, size] : {std::pair(source, src.get_size()),
                                     std::pair(weights, description.weights_desc().get_size())}) {
    std::fill_n(static_cast<float*>(memory.get_data_handle()), size / sizeof(float), 0.25F);
  }
  const dnnl::matmul product(description);
  double best = 1e9;
  double total = 0.0;
  for (int i = 0; i < 200 && total < 0.3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    product.execute(stream,
                    {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, target}});
    stream.wait();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    best = std::min(best, elapsed.count());
    total += elapsed.count();
  }
  return 2e-9 * static_cast<double>(p.columns * p.length * p.outputs) / best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s PROBLEMS.txt\n", argv[0]);
    return 2;
  }
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  std::ifstream file(argv[1]);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line.substr(0, line.find('#')));
    Problem p;
    if (fields >> p.name >> p.columns >> p.segments >> p.length >> p.outputs && p.segments == 1) {
      std::printf("onednn   %-12s columns %6ld depth %5ld outputs %4ld  %7.1f GFLOP/s\n",
                  p.name.c_str(),
                  p.columns,
                  p.length,
                  p.outputs,
                  rate_of(p, engine, stream));
    }
  }
  return 0;
}
