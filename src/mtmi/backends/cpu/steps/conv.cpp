// cpu.Conv and cpu.Linear: products over the rows of a filter, which lie in one piece where
// channels come last.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/backends/cpu/steps/product.h"

namespace mtmi::cpu {
namespace {

using kernels::WindowSpec;

/// Columns of a task: a multiple of every tile's height.
constexpr std::int64_t kColumnStep = 24;

/// [rows, k] times [k, n].
template <class Product>
class LinearStep final : public Step {
 public:
  LinearStep(const NodeReader& node, Isa isa)
      : product_(isa),
        src_(node.input(0)),
        weights_(node.input(1)),
        bias_(node.input(kBiasInput)),
        residual_(node.input(kResidualInput)),
        dst_(node.output()),
        epilogue_(node.epilogue()) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    node.require(src.rank() >= 1 && dst.rank() >= 1, "a matrix has no axes");
    depth_ = src[-1];
    outputs_ = dst[-1];
    const std::int64_t rows = src.num_elements() / std::max<std::int64_t>(depth_, 1);
    node.require(rows * outputs_ == dst.num_elements(), "the output has another size");
    node.require_weights(product_.packed_elements({.segment_length = depth_, .columns = outputs_}),
                         Product::kDType);
    node.require_elements(kBiasInput, outputs_, "the bias has another size");
    node.require_elements(kResidualInput, dst.num_elements(), "the residual has another size");
    // A task's sources and outputs are to stay in the second-level cache.
    const Pieces steps = host::cut(
        (rows + kColumnStep - 1) / kColumnStep, kColumnStep * (depth_ + outputs_), 1 << 16);
    pieces_ = {.count = rows, .piece = steps.piece * kColumnStep};
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return Product::kReadsInPlace
               ? 0
               : static_cast<std::size_t>(pieces_.piece * depth_) * sizeof(Element);
  }

  void run(const Frame& frame) const override {
    static constexpr std::int64_t kNoOffset = 0;
    frame.parallel(pieces_.number(), [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t begin = pieces_.begin(i);
      const std::int64_t columns = pieces_.end(i) - begin;
      kernels::GemmArgsOf<Element> args{
          .src = product_.operands(frame.data<const float>(src_) + begin * depth_,
                                   columns * depth_,
                                   reinterpret_cast<Element*>(scratch)),
          .src_column = depth_,
          .segments = &kNoOffset,
          .segment_length = depth_,
          .weights = frame.data<const Element>(weights_),
          .outputs = outputs_,
          .dst = frame.data<float>(dst_) + begin * outputs_,
          .dst_column = outputs_,
          .columns = columns,
          .epilogue = epilogue_};
      args.epilogue.bias = frame.optional<const float>(bias_);
      if (residual_ != kNoValue) {
        args.epilogue.residual = frame.data<const float>(residual_) + begin * outputs_;
      }
      product_.multiply(args);
    });
  }

 private:
  using Element = typename Product::Element;

  Product product_;
  ValueId src_;
  ValueId weights_;
  ValueId bias_;
  ValueId residual_;
  ValueId dst_;
  kernels::Epilogue epilogue_;
  std::int64_t depth_ = 0;
  std::int64_t outputs_ = 0;
  Pieces pieces_;
};

/// Any convolution in two dimensions.
template <class Product>
class ConvStep final : public Step {
 public:
  ConvStep(const NodeReader& node, Isa isa)
      : product_(isa),
        src_(node.input(0)),
        weights_(node.input(1)),
        bias_(node.input(kBiasInput)),
        residual_(node.input(kResidualInput)),
        dst_(node.output()),
        epilogue_(node.epilogue()),
        h_(node.windows()[0]),
        w_(node.windows()[1]),
        groups_(node.attributes().get_int("groups", 1)) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    node.require(groups_ >= 1 && src[3] % groups_ == 0 && dst[3] % groups_ == 0 && src[0] == dst[0],
                 "groups or batches do not fit");
    batch_ = src[0];
    ic_ = src[3] / groups_;
    oc_ = dst[3] / groups_;
    read_more_sources(node);
    node.require_elements(kBiasInput, groups_ * oc_, "the bias has another size");
    node.require_elements(kResidualInput, dst.num_elements(), "the residual has another size");
    plan_source();
    plan_segments();
    plan_bands();
    group_weights_ = product_.packed_elements(
        {.segments = static_cast<std::int64_t>(segments_.size()) * num_sources(),
         .segment_length = segment_length_,
         .columns = oc_});
    node.require_weights(groups_ * group_weights_, Product::kDType);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return in_place_ ? 0
                     : static_cast<std::size_t>(num_sources() * band_elements_) * sizeof(Element);
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * bands_.number(), [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t n = i / bands_.number();
      const std::int64_t band = i % bands_.number();
      for (std::int64_t group = 0; group < groups_; ++group) {
        run_band(frame, n, group, bands_.begin(band), bands_.end(band), scratch);
      }
    });
  }

 private:
  using Element = typename Product::Element;

  [[nodiscard]] std::int64_t src_channels() const { return groups_ * ic_; }

  [[nodiscard]] std::int64_t num_sources() const {
    return 1 + static_cast<std::int64_t>(more_sources_.size());
  }

  void read_more_sources(const NodeReader& node) {
    for (std::size_t i = kMoreSourcesInput; node.input(i) != kNoValue; ++i) {
      more_sources_.push_back(node.input(i));
      node.require(node.shape(node.input(i)) == node.shape(src_), "sources of other sizes");
    }
    const bool is_point = h_.kernel == 1 && w_.kernel == 1 && h_.pad == 0 && w_.pad == 0;
    node.require(more_sources_.empty() ||
                     (groups_ == 1 && is_point && more_sources_.size() < kMaxConvSources),
                 "more sources than it can read");
  }

  /// The offsets of all sources from where the first is read [elements].
  [[nodiscard]] std::array<std::int64_t, kMaxConvSources> source_offsets(const Frame& frame) const {
    const auto address = [&frame](ValueId source) {
      return reinterpret_cast<std::intptr_t>(frame.data<const float>(source));
    };
    std::array<std::int64_t, kMaxConvSources> offsets{};
    for (std::size_t i = 0; i < more_sources_.size(); ++i) {
      offsets[i + 1] = in_place_ ? (address(more_sources_[i]) - address(src_)) /
                                       static_cast<std::intptr_t>(sizeof(float))
                                 : static_cast<std::int64_t>(i + 1) * band_elements_;
    }
    return offsets;
  }

  /// Without padding and groups the source is read where it lies, if its elements are operands;
  /// else a band of it is copied, with zeros around it.
  void plan_source() {
    const auto inside = [](const WindowSpec& w) {
      return w.pad == 0 && (w.out - 1) * w.stride + (w.kernel - 1) * w.dilation < w.in;
    };
    in_place_ = Product::kReadsInPlace && groups_ == 1 && inside(h_) && inside(w_);
    pitch_ = in_place_ ? w_.in
                       : std::max((w_.out - 1) * w_.stride + (w_.kernel - 1) * w_.dilation + 1,
                                  std::int64_t{1});
  }

  void plan_segments() {
    const std::int64_t row = pitch_ * ic_;
    const bool whole_rows = w_.dilation == 1;
    segment_length_ = whole_rows ? w_.kernel * ic_ : ic_;
    for (std::int64_t i = 0; i < h_.kernel; ++i) {
      for (std::int64_t j = 0; j < (whole_rows ? 1 : w_.kernel); ++j) {
        segments_.push_back(i * h_.dilation * row + j * w_.dilation * ic_);
      }
    }
  }

  void plan_bands() {
    const std::int64_t work = w_.out * h_.kernel * w_.kernel * ic_ * num_sources() * oc_;
    // Neighbouring bands convert the rows between them twice: fewer of them where there are such.
    const bool overlaps = !Product::kReadsInPlace && h_.kernel > 1;
    const std::int64_t target = std::int64_t{1} << (overlaps ? 25 : 23);
    bands_ = host::cut(h_.out, work, target);
    const std::int64_t rows = (bands_.piece - 1) * h_.stride + (h_.kernel - 1) * h_.dilation + 1;
    band_elements_ = rows * pitch_ * ic_;
  }

  /// Rows [y0, ...) of one group of an image, with zeros where the window leaves it.
  void copy_band(const float* image,
                 std::int64_t group,
                 std::int64_t y0,
                 std::int64_t rows,
                 Element* band) const {
    const std::int64_t left = std::min(w_.pad, pitch_);
    const std::int64_t used = std::clamp<std::int64_t>(pitch_ - left, 0, w_.in);
    for (std::int64_t y = y0; y < y0 + rows; ++y, band += pitch_ * ic_) {
      if (y < 0 || y >= h_.in) {
        std::fill_n(band, pitch_ * ic_, Element{});
        continue;
      }
      std::fill_n(band, left * ic_, Element{});
      const float* from = image + y * w_.in * src_channels() + group * ic_;
      Element* to = band + left * ic_;
      if (groups_ == 1) {
        product_.convert(from, used * ic_, to);
      } else {
        for (std::int64_t x = 0; x < used; ++x) {
          product_.convert(from + x * src_channels(), ic_, to + x * ic_);
        }
      }
      std::fill_n(to + used * ic_, (pitch_ - left - used) * ic_, Element{});
    }
  }

  /// What the product reads from row `first_row` on: the sources themselves, or their bands one
  /// behind the other.
  const Element* read_bands(const Frame& frame,
                            std::int64_t n,
                            std::int64_t group,
                            std::int64_t first_row,
                            std::int64_t rows,
                            std::byte* scratch) const {
    const std::int64_t image = n * h_.in * w_.in * src_channels();
    if constexpr (Product::kReadsInPlace) {
      if (in_place_) {
        return frame.data<const float>(src_) + image + first_row * pitch_ * ic_;
      }
    }
    auto* bands = reinterpret_cast<Element*>(scratch);
    copy_band(frame.data<const float>(src_) + image, group, first_row, rows, bands);
    Element* band = bands;
    for (const ValueId source : more_sources_) {
      band += band_elements_;
      copy_band(frame.data<const float>(source) + image, group, first_row, rows, band);
    }
    return bands;
  }

  void run_band(const Frame& frame,
                std::int64_t n,
                std::int64_t group,
                std::int64_t begin,
                std::int64_t end,
                std::byte* scratch) const {
    const std::int64_t first_row = begin * h_.stride - h_.pad;
    const std::int64_t rows = (end - begin - 1) * h_.stride + (h_.kernel - 1) * h_.dilation + 1;
    const Element* src = read_bands(frame, n, group, first_row, rows, scratch);
    const std::int64_t dst_channels = groups_ * oc_;
    const std::int64_t at = (n * h_.out + begin) * w_.out * dst_channels + group * oc_;
    kernels::GemmArgsOf<Element> args{
        .src = src,
        .src_row = h_.stride * pitch_ * ic_,
        .src_column = w_.stride * ic_,
        .segments = segments_.data(),
        .num_segments = static_cast<std::int64_t>(segments_.size()),
        .segment_length = segment_length_,
        .weights = frame.data<const Element>(weights_) + group * group_weights_,
        .outputs = oc_,
        .dst = frame.data<float>(dst_) + at,
        .dst_row = w_.out * dst_channels,
        .dst_column = dst_channels,
        .rows = end - begin,
        .columns = w_.out,
        .epilogue = epilogue_};
    const std::array offsets = source_offsets(frame);
    if (!more_sources_.empty()) {
      args.segments = offsets.data();
      args.num_segments = num_sources();
    }
    if (bias_ != kNoValue) {
      args.epilogue.bias = frame.data<const float>(bias_) + group * oc_;
    }
    if (residual_ != kNoValue) {
      args.epilogue.residual = frame.data<const float>(residual_) + at;
    }
    product_.multiply(args);
  }

  Product product_;
  ValueId src_;
  std::vector<ValueId> more_sources_;  // of the size of src_: what is read is their concat
  ValueId weights_;
  ValueId bias_;
  ValueId residual_;
  ValueId dst_;
  kernels::Epilogue epilogue_;
  WindowSpec h_;
  WindowSpec w_;
  std::int64_t groups_;
  std::int64_t batch_ = 0;
  std::int64_t ic_ = 0;
  std::int64_t oc_ = 0;
  std::int64_t group_weights_ = 0;
  bool in_place_ = false;
  std::int64_t pitch_ = 0;  // pixels in a row of what the product reads
  std::vector<std::int64_t> segments_;
  std::int64_t segment_length_ = 0;
  Pieces bands_;
  std::int64_t band_elements_ = 0;
};

}  // namespace

std::unique_ptr<Step> make_linear_step(const Graph& graph, NodeId id, Isa isa) {
  return make_product_step<LinearStep>(graph, id, isa);
}

std::unique_ptr<Step> make_conv_step(const Graph& graph, NodeId id, Isa isa) {
  const bool may_transform = graph.node(id).attributes.get_int("winograd", 0) != 0;
  if (may_transform && !Bf16Product::multiplies_tiles(isa)) {
    return make_winograd_step(graph, id, isa);
  }
  return make_product_step<ConvStep>(graph, id, isa);
}

}  // namespace mtmi::cpu
