// int8.Conv and int8.Deconv: packed once, run by rows.
#include <algorithm>

#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"
#include "mtmi/kernels/int8/deconvolution.h"

namespace mtmi::int8 {
namespace {

using kernels::int8::ConvolutionArgs;
using kernels::int8::ConvolutionShape;
using kernels::int8::Epilogue;
using kernels::int8::PackedConvolution;
using kernels::int8::PackedDeconvolution;

// About a tenth of a millisecond of one core.
constexpr std::int64_t kMacsPerPiece = 8 << 20;

/// Reads and checks what the two have in common.
struct Product {
  NodeReader::Map src;
  NodeReader::Map dst;
  ConvolutionShape shape;
  std::span<const std::int8_t> weights;
  Epilogue epilogue;

  Product(const Graph& graph, NodeId id, bool transposed);
};

Product::Product(const Graph& graph, NodeId id, bool transposed) {
  const NodeReader node(graph, id);
  src = node.int8_map(node.input(0));
  dst = node.map(node.output());
  const auto windows = node.windows(src, dst);
  epilogue = {.bias = node.constant<std::int32_t>(2),
              .multipliers = node.constant<float>(3),
              .negative_multipliers = node.constant<float>(4),
              .rounding = node.rounding(),
              .bounds = node.bounds(),
              .half = dst.dtype == DType::Float16};
  shape = {.h = windows[0],
           .w = windows[1],
           .ic = node.attributes().get_int("channels", 0),
           .oc = static_cast<std::int64_t>(epilogue.multipliers.size()),
           .groups = node.attributes().get_int("group", 1)};
  weights = node.constant<std::int8_t>(1);
  node.require(src.n == dst.n, "its batches differ");
  node.require(shape.groups >= 1 && shape.ic >= 1 && shape.oc >= 1 && shape.ic <= src.pixel &&
                   shape.oc <= dst.pixel && shape.ic % shape.groups == 0 &&
                   shape.oc % shape.groups == 0 && (!transposed || shape.groups == 1),
               "its channels are impossible");
  const Shape extents = node.shape(node.input(1));
  const std::int64_t rows = transposed ? shape.ic : shape.oc;
  const std::int64_t row = transposed ? shape.oc : shape.ic / shape.groups;
  node.require(extents == Shape({rows, row, shape.h.kernel, shape.w.kernel}),
               "its weights are of another shape");
  node.require(std::find(weights.begin(), weights.end(), std::int8_t{-128}) == weights.end(),
               "a weight is out of range");
  constexpr std::int32_t kMaxBias = 1 << 30;  // beside it a sum fits into 32 bits
  node.require(std::all_of(epilogue.bias.begin(),
                           epilogue.bias.end(),
                           [](std::int32_t b) { return -kMaxBias <= b && b <= kMaxBias; }) &&
                   epilogue.bias.size() == epilogue.multipliers.size(),
               "its bias is out of range");
  node.require(epilogue.negative_multipliers.empty() ||
                   epilogue.negative_multipliers.size() == epilogue.multipliers.size(),
               "its multipliers differ in number");
  node.require_finite(epilogue.multipliers);
  node.require_finite(epilogue.negative_multipliers);
}

/// The rows of all images in pieces; `run` computes those of one image.
template <class Run>
void run_rows(const host::Frame& frame,
              const NodeReader::Map& src,
              const NodeReader::Map& dst,
              const ConvolutionShape& shape,
              const Run& run) {
  const Pieces pieces =
      host::cut(dst.h, dst.w * shape.oc * shape.depth(), kMacsPerPiece, kLeastPieces);
  const std::size_t es = size_of(dst.dtype);
  frame.parallel(dst.n * pieces.number(), [&](std::int64_t task, std::byte* scratch) {
    const std::int64_t image = task / pieces.number();
    const std::int64_t piece = task % pieces.number();
    const auto out = static_cast<std::size_t>(image * dst.pixels() * dst.pixel) * es;
    run(ConvolutionArgs{
        .src = frame.data<const std::int8_t>(src.id) + image * src.pixels() * src.pixel,
        .src_pixel = src.pixel,
        .dst = frame.bytes(dst.id) + out,
        .dst_pixel = dst.pixel,
        .dst_row = dst.w * dst.pixel,
        .dst_channels = dst.pixel,
        .row_begin = pieces.begin(piece),
        .row_end = pieces.end(piece),
        .scratch = scratch});
  });
}

class ConvStep final : public host::Step {
 public:
  ConvStep(const Product& product, const Int8Kernels& with)
      : src_(product.src),
        dst_(product.dst),
        packed_(product.shape, product.weights, product.epilogue, with.isa),
        convolution_(with.convolution) {}

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(packed_.scratch_bytes());
  }

  void run(const host::Frame& frame) const override {
    run_rows(frame, src_, dst_, packed_.shape(), [this](const ConvolutionArgs& args) {
      convolution_(packed_, args);
    });
  }

 private:
  NodeReader::Map src_;
  NodeReader::Map dst_;
  PackedConvolution packed_;
  kernels::int8::ConvolutionFn convolution_;
};

class DeconvStep final : public host::Step {
 public:
  DeconvStep(const Product& product, const Int8Kernels& with)
      : src_(product.src),
        dst_(product.dst),
        packed_(product.shape, product.weights, product.epilogue, with.isa) {}

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(packed_.scratch_bytes());
  }

  void run(const host::Frame& frame) const override {
    run_rows(frame, src_, dst_, packed_.shape(), [this](const ConvolutionArgs& args) {
      kernels::int8::deconvolution(packed_, args);
    });
  }

 private:
  NodeReader::Map src_;
  NodeReader::Map dst_;
  PackedDeconvolution packed_;
};

}  // namespace

StepPtr make_conv_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<ConvStep>(Product(graph, id, false), with);
}

StepPtr make_deconv_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<DeconvStep>(Product(graph, id, true), with);
}

}  // namespace mtmi::int8
