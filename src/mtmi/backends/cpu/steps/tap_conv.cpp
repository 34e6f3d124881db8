// cpu.TapConv: convolutions of very few outputs. Vectors of outputs would be nearly empty; so one
// product per source row gives what every tap makes of every pixel, and the taps are then shifted
// and added row by row.
#include <algorithm>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/backends/cpu/steps/product.h"
#include "mtmi/kernels/fast/transpose.h"

namespace mtmi::cpu {
namespace {

using kernels::BinaryForm;
using kernels::BinaryOp;
using kernels::WindowSpec;

template <class Product>
class TapConvStep final : public Step {
 public:
  TapConvStep(const NodeReader& node, Isa isa)
      : product_(isa),
        kernels_(kernels::fast_kernels(isa)),
        src_(node.input(0)),
        weights_(node.input(1)),
        bias_(node.input(kBiasInput)),
        dst_(node.output()),
        activation_(node.epilogue().first),
        h_(node.windows()[0]),
        w_(node.windows()[1]) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    batch_ = src[0];
    ic_ = src[3];
    oc_ = dst[3];
    taps_ = h_.kernel * w_.kernel * oc_;
    node.require(dst[0] == batch_ && h_.stride == 1 && w_.stride == 1, "it has strides");
    node.require_weights(product_.packed_elements({.segment_length = ic_, .columns = taps_}),
                         Product::kDType);
    node.require_elements(kBiasInput, oc_, "the bias has another size");
    // Neighbouring bands compute the rows between them twice.
    const std::int64_t halo = (h_.kernel - 1) * h_.dilation;
    bands_ = host::cut(h_.out, w_.out * ic_ * taps_, 1 << 23);
    bands_.piece = std::min(std::max(bands_.piece, 4 * halo), std::max<std::int64_t>(h_.out, 1));
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(2 * w_.in * taps_ + bands_.piece * oc_ * w_.out) *
               sizeof(float) +
           (Product::kReadsInPlace ? 0 : static_cast<std::size_t>(w_.in * ic_) * sizeof(Element));
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * bands_.number(), [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t n = i / bands_.number();
      const std::int64_t begin = bands_.begin(i % bands_.number());
      const std::int64_t end = bands_.end(i % bands_.number());
      Band band{.begin = begin, .end = end};
      band.products = reinterpret_cast<float*>(scratch);
      band.planes = band.products + w_.in * taps_;
      band.sums = band.planes + w_.in * taps_;
      band.operands = reinterpret_cast<Element*>(band.sums + bands_.piece * oc_ * w_.out);
      run_band(frame, n, band);
    });
  }

 private:
  using Element = typename Product::Element;

  struct Band {
    std::int64_t begin;
    std::int64_t end;
    float* products = nullptr;    // [pixel][tap] of one source row
    float* planes = nullptr;      // [tap][pixel]
    float* sums = nullptr;        // [row of the band][output][pixel]
    Element* operands = nullptr;  // one source row, where it is converted
  };

  void run_band(const Frame& frame, std::int64_t n, const Band& band) const {
    const float* bias = frame.optional<const float>(bias_);
    for (std::int64_t row = 0; row < (band.end - band.begin) * oc_; ++row) {
      std::fill_n(band.sums + row * w_.out, w_.out, bias == nullptr ? 0.0F : bias[row % oc_]);
    }
    const std::int64_t first = std::max<std::int64_t>(band.begin - h_.pad, 0);
    const std::int64_t last =
        std::min(band.end - 1 - h_.pad + (h_.kernel - 1) * h_.dilation, h_.in - 1);
    for (std::int64_t y = first; y <= last; ++y) {
      multiply_row(frame, n, y, band);
      add_row(y, band);
    }
    write_rows(frame, n, band);
  }

  void multiply_row(const Frame& frame, std::int64_t n, std::int64_t y, const Band& band) const {
    static constexpr std::int64_t kNoOffset = 0;
    const float* row = frame.data<const float>(src_) + (n * h_.in + y) * w_.in * ic_;
    product_.multiply({.src = product_.operands(row, w_.in * ic_, band.operands),
                       .src_column = ic_,
                       .segments = &kNoOffset,
                       .segment_length = ic_,
                       .weights = frame.data<const Element>(weights_),
                       .outputs = taps_,
                       .dst = band.products,
                       .dst_column = taps_,
                       .columns = w_.in,
                       .epilogue = {}});
    kernels::transpose(band.products, taps_, w_.in, taps_, band.planes, w_.in);
  }

  /// Adds what source row `y` gives to every row of the band that it reaches.
  void add_row(std::int64_t y, const Band& band) const {
    for (std::int64_t i = 0; i < h_.kernel; ++i) {
      const std::int64_t to = y + h_.pad - i * h_.dilation;
      if (to < band.begin || to >= band.end) {
        continue;
      }
      for (std::int64_t j = 0; j < w_.kernel; ++j) {
        const std::int64_t shift = j * w_.dilation - w_.pad;
        const std::int64_t begin = std::max<std::int64_t>(0, -shift);
        const std::int64_t end = std::min(w_.out, w_.in - shift);
        for (std::int64_t o = 0; o < oc_ && begin < end; ++o) {
          const std::int64_t tap = (i * w_.kernel + j) * oc_ + o;
          float* sums = band.sums + ((to - band.begin) * oc_ + o) * w_.out + begin;
          kernels_.binary(BinaryOp::Add,
                          BinaryForm::Rows,
                          sums,
                          band.planes + tap * w_.in + begin + shift,
                          sums,
                          end - begin);
        }
      }
    }
  }

  void write_rows(const Frame& frame, std::int64_t n, const Band& band) const {
    const std::int64_t count = (band.end - band.begin) * oc_ * w_.out;
    kernels_.activate(activation_, band.sums, band.sums, count);
    float* dst = frame.data<float>(dst_) + (n * h_.out + band.begin) * w_.out * oc_;
    for (std::int64_t row = 0; row < band.end - band.begin; ++row) {
      for (std::int64_t o = 0; o < oc_; ++o) {
        const float* sums = band.sums + (row * oc_ + o) * w_.out;
        for (std::int64_t x = 0; x < w_.out; ++x) {
          dst[(row * w_.out + x) * oc_ + o] = sums[x];
        }
      }
    }
  }

  Product product_;
  const kernels::FastKernels& kernels_;
  ValueId src_;
  ValueId weights_;
  ValueId bias_;
  ValueId dst_;
  kernels::ActivationSpec activation_;
  WindowSpec h_;
  WindowSpec w_;
  std::int64_t batch_ = 0;
  std::int64_t ic_ = 0;
  std::int64_t oc_ = 0;
  std::int64_t taps_ = 0;
  Pieces bands_;
};

}  // namespace

std::unique_ptr<Step> make_tap_conv_step(const Graph& graph, NodeId id, Isa isa) {
  return make_product_step<TapConvStep>(graph, id, isa);
}

}  // namespace mtmi::cpu
