// cpu.Resize.
#include <algorithm>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/error.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::cpu {
namespace {

using kernels::ResizeTap;

class ResizeStep final : public Step {
 public:
  ResizeStep(const NodeReader& node, const kernels::FastKernels& kernels)
      : kernels_(kernels),
        src_(node.input(0)),
        addend_(node.input(1)),
        dst_(node.output()),
        activation_(node.epilogue().first) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    node.require(src.rank() == 4 && dst.rank() == 4 && src[0] == dst[0] && src[3] == dst[3],
                 "source and output do not fit");
    node.require_elements(1, dst.num_elements(), "the addend has another size");
    batch_ = src[0];
    src_image_ = src[1] * src[2] * src[3];
    dst_row_ = dst[2] * dst[3];
    args_ = {.width = src[2], .channels = src[3], .columns = dst[2], .dst_column = dst[3]};
    row_taps_ = read_taps(node, "row", src[1], dst[1]);
    column_taps_ = read_taps(node, "column", src[2], dst[2]);
    rows_ = host::cut(dst[1], dst_row_, 1 << 16);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(args_.width * args_.channels) * sizeof(float);
  }

  void run(const Frame& frame) const override {
    const std::int64_t dst_image = dst_row_ * static_cast<std::int64_t>(row_taps_.size());
    frame.parallel(batch_ * rows_.number(), [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t n = i / rows_.number();
      kernels::ResizeArgs args = args_;
      args.src = frame.data<const float>(src_) + n * src_image_;
      args.dst = frame.data<float>(dst_) + n * dst_image;
      if (addend_ != kNoValue) {
        args.addend = frame.data<const float>(addend_) + n * dst_image;
      }
      args.rows = row_taps_.data();
      args.columns_taps = column_taps_.data();
      args.row_begin = rows_.begin(i % rows_.number());
      args.row_end = rows_.end(i % rows_.number());
      args.scratch = reinterpret_cast<float*>(scratch);
      kernels_.resize(args);
      if (activation_.kind != kernels::Activation::None) {
        float* made = args.dst + args.row_begin * dst_row_;
        kernels_.activate(activation_, made, made, (args.row_end - args.row_begin) * dst_row_);
      }
    });
  }

 private:
  const kernels::FastKernels& kernels_;
  ValueId src_;
  ValueId addend_;
  ValueId dst_;
  kernels::ActivationSpec activation_;
  kernels::ResizeArgs args_;
  std::int64_t batch_ = 0;
  std::int64_t src_image_ = 0;
  std::int64_t dst_row_ = 0;
  std::vector<ResizeTap> row_taps_;
  std::vector<ResizeTap> column_taps_;
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_resize_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<ResizeStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

}  // namespace mtmi::cpu
