// cpu.Attention: softmax(scale q k') v for a few queries at a time. Their scores stay in the cache
// and are never written as a whole.
#include <algorithm>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/backends/cpu/steps/product.h"

namespace mtmi::cpu {
namespace {

template <class Product>
class AttentionStep final : public Step {
 public:
  AttentionStep(const NodeReader& node, Isa isa)
      : product_(isa),
        kernels_(kernels::fast_kernels(isa)),
        q_(node.input(0)),
        k_(node.input(1)),
        v_(node.input(2)),
        dst_(node.output()),
        scale_(node.attributes().get_float("scale", 1.0F)) {
    node.require_inputs(3);
    const Shape q = node.shape(q_);
    const Shape k = node.shape(k_);
    const Shape v = node.shape(v_);
    const Shape dst = node.shape(dst_);
    node.require(q.rank() == 4 && k.rank() == 4 && v.rank() == 4 && dst.rank() == 4,
                 "a tensor has not four axes");
    batch_ = q[0];
    queries_ = q[1];
    heads_ = q[2];
    depth_ = q[3];
    keys_ = k[1];
    value_depth_ = v[3];
    node.require(k == Shape{batch_, keys_, heads_, depth_} &&
                     v == Shape{batch_, keys_, heads_, value_depth_} &&
                     dst == Shape{batch_, queries_, heads_, value_depth_},
                 "queries, keys and values do not fit");
    packed_k_ = {.segment_length = depth_, .columns = keys_};
    packed_v_ = {.segment_length = keys_, .columns = value_depth_};
    k_elements_ = product_.packed_elements(packed_k_);
    v_elements_ = product_.packed_elements(packed_v_);
    // The scores of one tile: 48 KiB, and a multiple of every register tile's height. Of bfloat16
    // twice the 16 rows of AMX's tiles: 128 KiB, but the second-level cache is fast enough.
    constexpr std::int64_t kScoreFloats = Product::kReadsInPlace ? 12 << 10 : 32 << 10;
    constexpr std::int64_t kHeight = Product::kReadsInPlace ? 12 : 32;
    tile_ = std::clamp<std::int64_t>(
        kScoreFloats / std::max<std::int64_t>(keys_, 1) / kHeight * kHeight, kHeight, 96);
    const std::int64_t tiles = (queries_ + tile_ - 1) / tile_;
    const Pieces groups = host::cut(tiles, tile_ * keys_ * (depth_ + value_depth_), 1 << 24);
    pieces_ = {.count = queries_, .piece = groups.piece * tile_};
  }

  [[nodiscard]] std::size_t shared_bytes() const noexcept override {
    return static_cast<std::size_t>(batch_ * heads_ * (k_elements_ + v_elements_)) *
           sizeof(Element);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    const std::int64_t room = Product::kReadsInPlace ? 0 : tile_ * std::max(keys_, depth_);
    return static_cast<std::size_t>(tile_ * (keys_ + depth_ + 1)) * sizeof(float) +
           static_cast<std::size_t>(room) * sizeof(Element);
  }

  void run(const Frame& frame) const override {
    frame.parallel(batch_ * heads_,
                   [&](std::int64_t i, std::byte*) { pack(frame, i / heads_, i % heads_); });
    const std::int64_t per_head = pieces_.number();
    frame.parallel(batch_ * heads_ * per_head, [&](std::int64_t i, std::byte* scratch) {
      const std::int64_t head = i / per_head % heads_;
      const std::int64_t n = i / per_head / heads_;
      const std::int64_t end = pieces_.end(i % per_head);
      for (std::int64_t query = pieces_.begin(i % per_head); query < end; query += tile_) {
        run_tile(
            frame, n, head, query, std::min(tile_, end - query), reinterpret_cast<float*>(scratch));
      }
    });
  }

 private:
  using Element = typename Product::Element;

  [[nodiscard]] Element* packed(const Frame& frame, std::int64_t n, std::int64_t head) const {
    return frame.shared<Element>() + (n * heads_ + head) * (k_elements_ + v_elements_);
  }

  /// Where head `head` of token `token` begins.
  [[nodiscard]] std::int64_t at(std::int64_t n,
                                std::int64_t tokens,
                                std::int64_t token,
                                std::int64_t head,
                                std::int64_t depth) const {
    return ((n * tokens + token) * heads_ + head) * depth;
  }

  void pack(const Frame& frame, std::int64_t n, std::int64_t head) const {
    Element* to = packed(frame, n, head);
    product_.pack(packed_k_,
                  frame.data<const float>(k_) + at(n, keys_, 0, head, depth_),
                  1,
                  heads_ * depth_,
                  {to, static_cast<std::size_t>(k_elements_)});
    product_.pack(packed_v_,
                  frame.data<const float>(v_) + at(n, keys_, 0, head, value_depth_),
                  heads_ * value_depth_,
                  1,
                  {to + k_elements_, static_cast<std::size_t>(v_elements_)});
  }

  /// The scores become weights but for the factors `sums`; returns them as operands. Row by row:
  /// what is rounded still lies in the first-level cache.
  const Element* weigh(float* scores, std::int64_t count, float* sums, Element* room) const {
    const Element* first = nullptr;
    for (std::int64_t i = 0; i < count; ++i) {
      float* row = scores + i * keys_;
      kernels_.softmax(
          {.data = row, .rows = 1, .width = keys_, .stride = keys_, .reciprocal_sums = sums + i});
      const Element* made = product_.operands(row, keys_, room + i * keys_);
      first = i == 0 ? made : first;
    }
    return first;
  }

  void run_tile(const Frame& frame,
                std::int64_t n,
                std::int64_t head,
                std::int64_t query,
                std::int64_t count,
                float* scratch) const {
    static constexpr std::int64_t kNoOffset = 0;
    float* scores = scratch;
    float* queries = scores + tile_ * keys_;
    float* sums = queries + tile_ * depth_;
    auto* room = reinterpret_cast<Element*>(sums + tile_);
    const Element* k = packed(frame, n, head);
    const float scale = scale_;
    for (std::int64_t i = 0; i < count; ++i) {
      const float* from = frame.data<const float>(q_) + at(n, queries_, query + i, head, depth_);
      kernels_.binary(kernels::BinaryOp::Mul,
                      kernels::BinaryForm::SecondIsScalar,
                      from,
                      &scale,
                      queries + i * depth_,
                      depth_);
    }
    product_.multiply({.src = product_.operands(queries, count * depth_, room),
                       .src_column = depth_,
                       .segments = &kNoOffset,
                       .segment_length = depth_,
                       .weights = k,
                       .outputs = keys_,
                       .dst = scores,
                       .dst_column = keys_,
                       .columns = count,
                       .epilogue = {}});
    const Element* weights = weigh(scores, count, sums, room);
    float* dst = frame.data<float>(dst_) + at(n, queries_, query, head, value_depth_);
    product_.multiply({.src = weights,
                       .src_column = keys_,
                       .segments = &kNoOffset,
                       .segment_length = keys_,
                       .weights = k + k_elements_,
                       .outputs = value_depth_,
                       .dst = dst,
                       .dst_column = heads_ * value_depth_,
                       .columns = count,
                       .epilogue = {}});
    for (std::int64_t i = 0; i < count; ++i, dst += heads_ * value_depth_) {
      kernels_.binary(kernels::BinaryOp::Mul,
                      kernels::BinaryForm::SecondIsScalar,
                      dst,
                      sums + i,
                      dst,
                      value_depth_);
    }
  }

  Product product_;
  const kernels::FastKernels& kernels_;
  ValueId q_;
  ValueId k_;
  ValueId v_;
  ValueId dst_;
  float scale_;
  std::int64_t batch_ = 0;
  std::int64_t queries_ = 0;
  std::int64_t heads_ = 0;
  std::int64_t depth_ = 0;
  std::int64_t keys_ = 0;
  std::int64_t value_depth_ = 0;
  MatrixShape packed_k_;
  MatrixShape packed_v_;
  std::int64_t k_elements_ = 0;
  std::int64_t v_elements_ = 0;
  std::int64_t tile_ = 0;
  Pieces pieces_;  // of the queries of one head
};

}  // namespace

std::unique_ptr<Step> make_attention_step(const Graph& graph, NodeId id, Isa isa) {
  return make_product_step<AttentionStep>(graph, id, isa);
}

}  // namespace mtmi::cpu
