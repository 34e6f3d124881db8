// How steps multiply matrices: with operands in float32, or rounded to bfloat16. Sums are float32
// in both. Private to steps/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "mtmi/backends/cpu/steps/node_reader.h"
#include "mtmi/kernels/fast/bf16_kernels.h"
#include "mtmi/kernels/fast/fast_kernels.h"
#include "mtmi/kernels/fast/packed_pairs.h"
#include "mtmi/kernels/fast/packed_weights.h"

namespace mtmi::cpu {

/// The second operand: `segments` times `segment_length` rows, what is summed over, by `columns`.
struct MatrixShape {
  std::int64_t segments = 1;
  std::int64_t segment_length = 0;
  std::int64_t columns = 0;
};

class FloatProduct {
 public:
  using Element = float;
  static constexpr DType kDType = DType::Float32;
  static constexpr bool kReadsInPlace = true;  ///< operands lie in memory as they are

  explicit FloatProduct(Isa isa) noexcept : kernels_(kernels::fast_kernels(isa)) {}

  [[nodiscard]] std::int64_t packed_elements(const MatrixShape& shape) const noexcept {
    return packed_shape(shape).num_floats();
  }

  /// packed <- element (k, n) at src[k * row_stride + n * column_stride].
  void pack(const MatrixShape& shape,
            const float* src,
            std::int64_t row_stride,
            std::int64_t column_stride,
            std::span<float> packed) const noexcept {
    kernels::pack_weights(packed_shape(shape), src, row_stride, column_stride, packed);
  }

  void convert(const float* from, std::int64_t count, float* to) const noexcept {
    std::copy_n(from, count, to);
  }

  /// `count` numbers as operands; in `room` where they do not lie as such already.
  [[nodiscard]] const float* operands(const float* from,
                                      std::int64_t /*count*/,
                                      float* /*room*/) const noexcept {
    return from;
  }

  void multiply(const kernels::GemmArgs& args) const noexcept { kernels_.gemm(args); }

 private:
  [[nodiscard]] kernels::PackedShape packed_shape(const MatrixShape& shape) const noexcept {
    return {shape.segments * shape.segment_length, shape.columns, kernels_.block, kernels_.lanes};
  }

  const kernels::FastKernels& kernels_;
};

class Bf16Product {
 public:
  using Element = BFloat16;
  static constexpr DType kDType = DType::BFloat16;
  static constexpr bool kReadsInPlace = false;

  /// The best kernels that this machine has within `isa`: their weights lie alike.
  explicit Bf16Product(Isa isa) noexcept : kernels_(kernels::bf16_kernels(bf16_isa(isa))) {}

  /// Whether products of bfloat16 are so fast that Winograd's form in float32 does not pay.
  [[nodiscard]] static bool multiplies_tiles(Isa isa) noexcept {
    return kernels::bf16_kernels(bf16_isa(isa)).isa == Bf16Isa::Amx;
  }

  [[nodiscard]] std::int64_t packed_elements(const MatrixShape& shape) const noexcept {
    return packed_shape(shape).num_elements();
  }

  void pack(const MatrixShape& shape,
            const float* src,
            std::int64_t row_stride,
            std::int64_t column_stride,
            std::span<BFloat16> packed) const noexcept {
    kernels::pack_pairs(packed_shape(shape), src, row_stride, column_stride, packed);
  }

  void convert(const float* from, std::int64_t count, BFloat16* to) const noexcept {
    kernels_.round(from, to, count);
  }

  [[nodiscard]] const BFloat16* operands(const float* from,
                                         std::int64_t count,
                                         BFloat16* room) const noexcept {
    convert(from, count, room);
    return room;
  }

  void multiply(const kernels::GemmBf16Args& args) const noexcept { kernels_.gemm(args); }

 private:
  [[nodiscard]] static Bf16Isa bf16_isa(Isa isa) noexcept {
    return isa == Isa::Avx512 ? best_bf16_isa()
           : isa == Isa::Avx2 ? Bf16Isa::Avx2
                              : Bf16Isa::Generic;
  }

  [[nodiscard]] static kernels::PackedPairs packed_shape(const MatrixShape& shape) noexcept {
    return {shape.segments, shape.segment_length, shape.columns};
  }

  const kernels::Bf16Kernels& kernels_;
};

/// The step of `node` that multiplies as the lowering decided: attribute `bf16`.
template <template <class> class StepOf>
[[nodiscard]] std::unique_ptr<Step> make_product_step(const Graph& graph, NodeId id, Isa isa) {
  const NodeReader node(graph, id);
  if (node.attributes().get_int("bf16", 0) != 0) {
    return std::make_unique<StepOf<Bf16Product>>(node, isa);
  }
  return std::make_unique<StepOf<FloatProduct>>(node, isa);
}

}  // namespace mtmi::cpu
