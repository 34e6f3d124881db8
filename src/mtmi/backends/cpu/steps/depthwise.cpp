// cpu.Depthwise.
#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::cpu {
namespace {

class DepthwiseStep final : public Step {
 public:
  DepthwiseStep(const NodeReader& node, const kernels::FastKernels& kernels)
      : run_(kernels.depthwise),
        src_(node.input(0)),
        weights_(node.input(1)),
        bias_(node.input(kBiasInput)),
        dst_(node.output()) {
    node.require_inputs(2);
    const auto [h, w] = node.windows();
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    batch_ = src[0];
    args_ = {.h = h, .w = w, .channels = src[3], .activation = node.epilogue().first};
    node.require(dst[0] == batch_ && dst[3] == src[3], "the output has another size");
    node.require_elements(1, h.kernel * w.kernel * src[3], "weights of another size");
    node.require_elements(kBiasInput, src[3], "the bias has another size");
    rows_ = host::cut(h.out, w.out * src[3] * (h.kernel * w.kernel + 8), 1 << 20);
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * rows_.number(), [&](std::int64_t i, std::byte*) {
      const std::int64_t n = i / rows_.number();
      const std::int64_t piece = i % rows_.number();
      kernels::DepthwiseArgs args = args_;
      args.src = frame.data<const float>(src_) + n * args.h.in * args.w.in * args.channels;
      args.dst = frame.data<float>(dst_) + n * args.h.out * args.w.out * args.channels;
      args.weights = frame.data<const float>(weights_);
      args.bias = frame.optional<const float>(bias_);
      args.row_begin = rows_.begin(piece);
      args.row_end = rows_.end(piece);
      run_(args);
    });
  }

 private:
  kernels::DepthwiseFn run_;
  ValueId src_;
  ValueId weights_;
  ValueId bias_;
  ValueId dst_;
  kernels::DepthwiseArgs args_;
  std::int64_t batch_ = 0;
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_depthwise_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<DepthwiseStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

}  // namespace mtmi::cpu
