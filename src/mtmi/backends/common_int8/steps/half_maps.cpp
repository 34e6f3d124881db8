// int8.HalfResize and int8.HalfElementwise: maps of halves, in float32.
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "mtmi/backends/common_int8/steps/half_exit.h"
#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"

namespace mtmi::int8 {
namespace {

using kernels::int8::ElementType;

constexpr std::int64_t kElementsPerPiece = 1 << 16;

/// Linear, half-pixel, by whole factors.
class HalfResizeStep final : public host::Step {
 public:
  HalfResizeStep(const Graph& graph, NodeId id, const Int8Kernels& with) : with_(with) {
    const NodeReader node(graph, id);
    src_ = node.map(node.input(0));
    dst_ = node.map(node.output());
    factors_ = node.pair("factors");
    constexpr std::int64_t kMostFactor = 32;
    node.require(1 <= factors_[0] && factors_[0] <= kMostFactor && 1 <= factors_[1] &&
                     factors_[1] <= kMostFactor,
                 "its factors are impossible");
    node.require(src_.dtype == DType::Float16 && dst_.dtype == DType::Float16 && src_.n == dst_.n &&
                     src_.pixel == dst_.pixel && src_.h * factors_[0] == dst_.h &&
                     src_.w * factors_[1] == dst_.w,
                 "its result is of another shape");
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return static_cast<std::size_t>((2 * src_.w + dst_.w) * src_.pixel) * sizeof(float);
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces = host::cut(dst_.h, dst_.w * dst_.pixel, kElementsPerPiece, kLeastPieces);
    frame.parallel(dst_.n * pieces.number(), [&](std::int64_t task, std::byte* scratch) {
      const std::int64_t image = task / pieces.number();
      for (std::int64_t y = pieces.begin(task % pieces.number());
           y < pieces.end(task % pieces.number());
           ++y) {
        enlarge_row(frame, image, y, reinterpret_cast<float*>(scratch));
      }
    });
  }

 private:
  struct Mix {
    std::int64_t low;
    std::int64_t high;
    float weight;  ///< of `high`
  };

  static Mix mix_of(std::int64_t o, std::int64_t factor, std::int64_t n) {
    const std::int64_t p = std::clamp<std::int64_t>(2 * o + 1 - factor, 0, 2 * factor * (n - 1));
    const std::int64_t low = p / (2 * factor);
    return {.low = low,
            .high = std::min(low + 1, n - 1),
            .weight = static_cast<float>(p % (2 * factor)) / static_cast<float>(2 * factor)};
  }

  static void mix(const float* a, const float* b, float weight, float* to, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = a[i] + weight * (b[i] - a[i]);
    }
  }

  void enlarge_row(const host::Frame& frame,
                   std::int64_t image,
                   std::int64_t y,
                   float* scratch) const {
    const std::int64_t row = src_.w * src_.pixel;
    float* const upper = scratch;
    float* const lower = scratch + row;
    float* const result = scratch + 2 * row;
    const Mix rows = mix_of(y, factors_[0], src_.h);
    const auto* const src = frame.data<const std::uint16_t>(src_.id) + image * src_.h * row;
    convert_row(
        with_, src + rows.low * row, ElementType::Float16, upper, ElementType::Float32, row);
    convert_row(
        with_, src + rows.high * row, ElementType::Float16, lower, ElementType::Float32, row);
    mix(upper, lower, rows.weight, upper, row);
    for (std::int64_t x = 0; x < dst_.w; ++x) {
      const Mix columns = mix_of(x, factors_[1], src_.w);
      mix(upper + columns.low * src_.pixel,
          upper + columns.high * src_.pixel,
          columns.weight,
          result + x * dst_.pixel,
          dst_.pixel);
    }
    const std::int64_t count = dst_.w * dst_.pixel;
    convert_row(with_,
                result,
                ElementType::Float32,
                frame.data<std::uint16_t>(dst_.id) + (image * dst_.h + y) * count,
                ElementType::Float16,
                count);
  }

  const Int8Kernels& with_;
  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::array<std::int64_t, 2> factors_{};
};

using FloatFunction = void (*)(float* a, const float* b, std::int64_t count);

struct Operation {
  std::string_view name;
  FloatFunction function;
};

template <class F>
void each(float* a, const float* b, std::int64_t count, F f) {
  for (std::int64_t i = 0; i < count; ++i) {
    a[i] = f(a[i], b[i]);
  }
}

constexpr std::array kOperations{
    Operation{"Add",
              [](float* a, const float* b, std::int64_t n) {
                each(a, b, n, [](float x, float y) { return x + y; });
              }},
    Operation{"Sub",
              [](float* a, const float* b, std::int64_t n) {
                each(a, b, n, [](float x, float y) { return x - y; });
              }},
    Operation{"Mul",
              [](float* a, const float* b, std::int64_t n) {
                each(a, b, n, [](float x, float y) { return x * y; });
              }},
    Operation{"Max",
              [](float* a, const float* b, std::int64_t n) {
                each(a, b, n, [](float x, float y) { return x < y ? y : x; });
              }},
    Operation{"Min",
              [](float* a, const float* b, std::int64_t n) {
                each(a, b, n, [](float x, float y) { return y < x ? y : x; });
              }},
    Operation{"Copy", [](float* /*a*/, const float* /*b*/, std::int64_t /*n*/) {}},
};

/// One map, or two of one shape.
class HalfElementwiseStep final : public host::Step {
 public:
  HalfElementwiseStep(const Graph& graph, NodeId id, const Int8Kernels& with) : with_(with) {
    const NodeReader node(graph, id);
    const std::string op = node.attributes().get_string("op", "");
    const auto found = std::find_if(
        kOperations.begin(), kOperations.end(), [&](const auto& o) { return o.name == op; });
    node.require(found != kOperations.end(), "its operation is unknown");
    function_ = found->function;
    dst_ = node.output();
    count_ = node.shape(dst_).num_elements();
    node.require(node.dtype(dst_) == DType::Float16, "its result is of another type");
    const std::size_t operands = op == "Copy" ? 1 : 2;
    node.require(node.node().inputs.size() == operands, "it has another number of operands");
    for (const ValueId input : node.node().inputs) {
      node.require(node.shape(input) == node.shape(dst_) && node.dtype(input) == DType::Float16,
                   "an operand is of another shape");
      operands_.push_back(input);
    }
    exit_ = read_half_exit(node);
  }

  [[nodiscard]] std::size_t scratch_bytes() const noexcept override {
    return 2 * kRun * sizeof(float);
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces = host::cut(count_, 1, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* scratch) {
      for (std::int64_t at = pieces.begin(task); at < pieces.end(task); at += kRun) {
        run_some(frame,
                 at,
                 std::min<std::int64_t>(kRun, pieces.end(task) - at),
                 reinterpret_cast<float*>(scratch));
      }
    });
  }

 private:
  static constexpr std::int64_t kRun = 1024;

  void run_some(const host::Frame& frame,
                std::int64_t at,
                std::int64_t count,
                float* scratch) const {
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      convert_row(with_,
                  frame.data<const std::uint16_t>(operands_[i]) + at,
                  ElementType::Float16,
                  scratch + static_cast<std::int64_t>(i) * kRun,
                  ElementType::Float32,
                  count);
    }
    function_(scratch, scratch + kRun, count);
    exit_.apply(scratch, count);
    convert_row(with_,
                scratch,
                ElementType::Float32,
                frame.data<std::uint16_t>(dst_) + at,
                ElementType::Float16,
                count);
  }

  const Int8Kernels& with_;
  FloatFunction function_ = nullptr;
  ValueId dst_ = kNoValue;
  std::vector<ValueId> operands_;
  std::int64_t count_ = 0;
  HalfExit exit_;
};

}  // namespace

StepPtr make_half_resize_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<HalfResizeStep>(graph, id, with);
}

StepPtr make_half_elementwise_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<HalfElementwiseStep>(graph, id, with);
}

}  // namespace mtmi::int8
