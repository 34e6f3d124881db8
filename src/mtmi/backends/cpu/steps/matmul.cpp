// cpu.MatMul: products of two computed matrices; the second is packed on the way.
#include "mtmi/ops/matmul.h"

#include <algorithm>
#include <vector>

#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/backends/cpu/steps/product.h"

namespace mtmi::cpu {
namespace {

/// For each matrix of the result the index of the operand's.
std::vector<std::int64_t> broadcast_indices(const Shape& operand, const Shape& batch) {
  std::vector<std::int64_t> all;
  const int offset = batch.rank() - operand.rank();
  for (std::int64_t i = 0; i < batch.num_elements(); ++i) {
    std::int64_t rest = i;
    std::int64_t index = 0;
    std::int64_t stride = 1;
    for (int axis = batch.rank() - 1; axis >= 0; --axis) {
      const std::int64_t at = rest % batch[axis];
      rest /= batch[axis];
      if (axis >= offset) {
        const std::int64_t extent = operand[axis - offset];
        index += (extent == 1 ? 0 : at) * stride;
        stride *= extent;
      }
    }
    all.push_back(index);
  }
  return all;
}

template <class Product>
class MatMulStep final : public Step {
 public:
  MatMulStep(const NodeReader& node, Isa isa)
      : product_(isa), a_(node.input(0)), b_(node.input(1)), dst_(node.output()) {
    node.require_inputs(2);
    geometry_ = ops::matmul_geometry(node.shape(a_), node.shape(b_));
    node.require(geometry_.dst == node.shape(dst_), "the output has another shape");
    packed_ = {.segment_length = geometry_.k, .columns = geometry_.n};
    packed_elements_ = product_.packed_elements(packed_);
    a_index_ = broadcast_indices(geometry_.batch_a, geometry_.batch);
    b_index_ = broadcast_indices(geometry_.batch_b, geometry_.batch);
    rows_ = host::cut(geometry_.m, geometry_.k * geometry_.n, 1 << 22, 1);
  }

  [[nodiscard]] std::size_t shared_bytes() const noexcept override {
    return static_cast<std::size_t>(geometry_.batch_b.num_elements() * packed_elements_) *
           sizeof(Element);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return Product::kReadsInPlace
               ? 0
               : static_cast<std::size_t>(rows_.piece * geometry_.k) * sizeof(Element);
  }

  void run(const Frame& frame) const override {
    auto* packed = frame.shared<Element>();
    frame.parallel(geometry_.batch_b.num_elements(), [&](std::int64_t i, std::byte*) {
      product_.pack(packed_,
                    frame.data<const float>(b_) + i * geometry_.k * geometry_.n,
                    geometry_.n,
                    1,
                    {packed + i * packed_elements_, static_cast<std::size_t>(packed_elements_)});
    });
    const std::int64_t pieces = rows_.number();
    frame.parallel(
        geometry_.batch.num_elements() * pieces, [&](std::int64_t i, std::byte* scratch) {
          static constexpr std::int64_t kNoOffset = 0;
          const auto matrix = static_cast<std::size_t>(i / pieces);
          const std::int64_t begin = rows_.begin(i % pieces);
          const auto m = static_cast<std::int64_t>(matrix) * geometry_.m + begin;
          const std::int64_t columns = rows_.end(i % pieces) - begin;
          const float* a =
              frame.data<const float>(a_) + (a_index_[matrix] * geometry_.m + begin) * geometry_.k;
          product_.multiply({.src = product_.operands(
                                 a, columns * geometry_.k, reinterpret_cast<Element*>(scratch)),
                             .src_column = geometry_.k,
                             .segments = &kNoOffset,
                             .segment_length = geometry_.k,
                             .weights = packed + b_index_[matrix] * packed_elements_,
                             .outputs = geometry_.n,
                             .dst = frame.data<float>(dst_) + m * geometry_.n,
                             .dst_column = geometry_.n,
                             .columns = columns,
                             .epilogue = {}});
        });
  }

 private:
  using Element = typename Product::Element;

  Product product_;
  ValueId a_;
  ValueId b_;
  ValueId dst_;
  ops::MatMulGeometry geometry_;
  MatrixShape packed_;
  std::int64_t packed_elements_ = 0;
  std::vector<std::int64_t> a_index_;
  std::vector<std::int64_t> b_index_;
  Pieces rows_;
};

}  // namespace

std::unique_ptr<Step> make_matmul_step(const Graph& graph, NodeId id, Isa isa) {
  return make_product_step<MatMulStep>(graph, id, isa);
}

}  // namespace mtmi::cpu
