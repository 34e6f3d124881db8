// cpu.Winograd: tiles in groups that fit the cache; per group the transform of the source, 36
// products, the transform of the sums. A cpu.Conv of bfloat16 runs here too where there are no
// tiles of bfloat16: the source is rounded on the way, the weights are transformed when loaded.
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/kernels/fast/fast_kernels.h"
#include "mtmi/kernels/fast/packed_pairs.h"
#include "mtmi/kernels/fast/packed_weights.h"

namespace mtmi::cpu {
namespace {

using kernels::FastKernels;
using kernels::kWinogradPlaces;
using kernels::kWinogradTile;

/// 36 packed matrices of the weights of a cpu.Conv of bfloat16, [(kh, kw, ic), oc] in pairs.
std::vector<float> transformed_weights(const NodeReader& node,
                                       const FastKernels& kernels,
                                       std::int64_t ic,
                                       std::int64_t oc) {
  const kernels::PackedPairs pairs{.segments = 3, .segment_length = 3 * ic, .columns = oc};
  node.require_weights(pairs.num_elements(), DType::BFloat16);
  const std::string what = "a convolution's weights in Winograd's form";
  auto matrix = zeros_within_limit<float>(9 * ic * oc, what);
  kernels::unpack_pairs(pairs, node.constant(1).data<BFloat16>(), matrix);
  auto weights = zeros_within_limit<float>(9 * ic * oc, what);  // [oc][ic][kh, kw]
  for (std::int64_t k = 0; k < 9 * ic; ++k) {
    for (std::int64_t o = 0; o < oc; ++o) {
      weights[static_cast<std::size_t>((o * ic + k % ic) * 9 + k / ic)] =
          matrix[static_cast<std::size_t>(k * oc + o)];
    }
  }
  auto u = zeros_within_limit<float>(kWinogradPlaces * ic * oc, what);
  kernels::winograd_weights(weights.data(), oc, ic, 0, ic, u);
  const kernels::PackedShape shape{ic, oc, kernels.block, kernels.lanes};
  const auto size = static_cast<std::size_t>(shape.num_floats());
  auto packed = zeros_within_limit<float>(kWinogradPlaces * shape.num_floats(), what);
  for (std::size_t p = 0; p < kWinogradPlaces; ++p) {
    kernels::pack_weights(shape,
                          u.data() + p * static_cast<std::size_t>(ic * oc),
                          oc,
                          1,
                          std::span(packed).subspan(p * size, size));
  }
  return packed;
}

class WinogradStep final : public Step {
 public:
  WinogradStep(const NodeReader& node, const FastKernels& kernels)
      : kernels_(kernels),
        src_(node.input(0)),
        weights_(node.input(1)),
        bias_(node.input(kBiasInput)),
        residual_(node.input(kResidualInput)),
        dst_(node.output()),
        epilogue_(node.epilogue()),
        is_bf16_(node.attributes().get_int("bf16", 0) != 0) {
    node.require_inputs(1);
    const Shape src = node.shape(src_);
    const Shape dst = node.shape(dst_);
    node.require(src.rank() == 4 && dst.rank() == 4 && src[0] == dst[0] && src[1] == dst[1] &&
                     src[2] == dst[2],
                 "source and output differ in size");
    batch_ = src[0];
    height_ = src[1];
    width_ = src[2];
    ic_ = src[3];
    oc_ = dst[3];
    place_weights_ = kernels::PackedShape{ic_, oc_, kernels.block, kernels.lanes}.num_floats();
    if (is_bf16_) {
      own_weights_ = transformed_weights(node, kernels, ic_, oc_);
    } else {
      node.require_weights(kWinogradPlaces * place_weights_, DType::Float32);
    }
    node.require_elements(kBiasInput, oc_, "the bias has another size");
    node.require_elements(kResidualInput, dst.num_elements(), "the residual has another size");
    tile_columns_ = (width_ + kWinogradTile - 1) / kWinogradTile;
    const std::int64_t tiles = tile_columns_ * ((height_ + kWinogradTile - 1) / kWinogradTile);
    groups_ = plan_groups(tiles);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>(kWinogradPlaces * groups_.piece * (ic_ + oc_)) * sizeof(float);
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * groups_.number(), [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t n = i / groups_.number();
      const std::int64_t group = i % groups_.number();
      run_group(frame,
                n,
                groups_.begin(group),
                groups_.end(group) - groups_.begin(group),
                reinterpret_cast<float*>(scratch));
    });
  }

 private:
  /// Few tiles a group keep the places in the second-level cache; many let each weight that is
  /// loaded do more work.
  [[nodiscard]] Pieces plan_groups(std::int64_t tiles) const {
    constexpr std::int64_t kCacheFloats = 3 << 17;  // 1.5 MiB
    constexpr std::int64_t kFewest = 48;
    const std::int64_t fitting = kCacheFloats / (kWinogradPlaces * (ic_ + oc_));
    const std::int64_t wanted = std::max(fitting, kFewest);
    // Two groups at least, where there is work for two.
    const std::int64_t number =
        std::max<std::int64_t>((tiles + wanted - 1) / wanted, std::min<std::int64_t>(tiles, 2));
    return {.count = tiles, .piece = (tiles + number - 1) / number};
  }

  void run_group(const Frame& frame,
                 std::int64_t n,
                 std::int64_t begin,
                 std::int64_t count,
                 float* scratch) const {
    float* v = scratch;
    float* m = scratch + kWinogradPlaces * groups_.piece * ic_;
    kernels_.winograd_input({.src = frame.data<const float>(src_) + n * height_ * width_ * ic_,
                             .round_bf16 = is_bf16_,
                             .height = height_,
                             .width = width_,
                             .channels = ic_,
                             .tile_columns = tile_columns_,
                             .begin = begin,
                             .count = count,
                             .v = v,
                             .place_stride = count * ic_,
                             .tile_stride = ic_});
    const float* weights = is_bf16_ ? own_weights_.data() : frame.data<const float>(weights_);
    static constexpr std::int64_t kNoOffset = 0;
    for (std::int64_t place = 0; place < kWinogradPlaces; ++place) {
      kernels_.gemm({.src = v + place * count * ic_,
                     .src_column = ic_,
                     .segments = &kNoOffset,
                     .segment_length = ic_,
                     .weights = weights + place * place_weights_,
                     .outputs = oc_,
                     .dst = m + place * count * oc_,
                     .dst_column = oc_,
                     .columns = count,
                     .epilogue = {}});
    }
    const std::int64_t image = n * height_ * width_ * oc_;
    kernels::WinogradOutputArgs out{.m = m,
                                    .place_stride = count * oc_,
                                    .dst = frame.data<float>(dst_) + image,
                                    .height = height_,
                                    .width = width_,
                                    .channels = oc_,
                                    .tile_columns = tile_columns_,
                                    .begin = begin,
                                    .count = count,
                                    .epilogue = epilogue_};
    out.epilogue.bias = frame.optional<const float>(bias_);
    if (residual_ != kNoValue) {
      out.epilogue.residual = frame.data<const float>(residual_) + image;
    }
    kernels_.winograd_output(out);
  }

  const FastKernels& kernels_;
  ValueId src_;
  ValueId weights_;
  ValueId bias_;
  ValueId residual_;
  ValueId dst_;
  kernels::Epilogue epilogue_;
  bool is_bf16_;
  std::vector<float> own_weights_;  // of a step of bfloat16
  std::int64_t batch_ = 0;
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
  std::int64_t ic_ = 0;
  std::int64_t oc_ = 0;
  std::int64_t place_weights_ = 0;
  std::int64_t tile_columns_ = 0;
  Pieces groups_;  // of tiles
};

}  // namespace

std::unique_ptr<Step> make_winograd_step(const Graph& graph, NodeId id, Isa isa) {
  return std::make_unique<WinogradStep>(NodeReader(graph, id), kernels::fast_kernels(isa));
}

}  // namespace mtmi::cpu
