// int8.Elementwise and int8.LookUp.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"

namespace mtmi::int8 {
namespace {

using kernels::int8::BinaryArgs;
using kernels::int8::BinaryOp;
using kernels::int8::Requantisation;

constexpr std::int64_t kElementsPerPiece = 1 << 17;

using IntegerFunction = std::int64_t (*)(std::int64_t, std::int64_t);

struct Operation {
  std::string_view name;
  IntegerFunction function;
  std::optional<BinaryOp> kernel;  ///< that INT8 kernels have
};

constexpr std::array<Operation, 10> kOperations{{
    {"Copy", [](std::int64_t a, std::int64_t) { return a; }, std::nullopt},
    {"Abs", [](std::int64_t a, std::int64_t) { return a; }, std::nullopt},
    {"Add", [](std::int64_t a, std::int64_t b) { return a + b; }, BinaryOp::Add},
    {"Sub", [](std::int64_t a, std::int64_t b) { return a - b; }, BinaryOp::Sub},
    {"Mul", [](std::int64_t a, std::int64_t b) { return a * b; }, BinaryOp::Mul},
    {"Max", [](std::int64_t a, std::int64_t b) { return std::max(a, b); }, BinaryOp::Max},
    {"Min", [](std::int64_t a, std::int64_t b) { return std::min(a, b); }, BinaryOp::Min},
    {"Equal", [](std::int64_t a, std::int64_t b) { return std::int64_t{a == b}; }, std::nullopt},
    {"Greater", [](std::int64_t a, std::int64_t b) { return std::int64_t{a > b}; }, std::nullopt},
    {"Less", [](std::int64_t a, std::int64_t b) { return std::int64_t{a < b}; }, std::nullopt},
}};

const Operation& operation_of(const NodeReader& node) {
  const std::string name = node.attributes().get_string("op", "");
  const auto found =
      std::find_if(kOperations.begin(), kOperations.end(), [&name](const Operation& operation) {
        return operation.name == name;
      });
  node.require(found != kOperations.end(), "its operation is unknown");
  return *found;
}

/// Numbers of which there is one for everything, one per channel, or one per element [c, h, w].
template <class T>
class PerElement {
 public:
  PerElement() = default;

  PerElement(const NodeReader& node, std::span<const T> values, const MapShape& shape)
      : values_(values) {
    const auto count = static_cast<std::int64_t>(values.size());
    const std::int64_t plane = shape.h * shape.w;
    node.require(count == 0 || count == 1 || count == shape.c || count == shape.c * plane,
                 "a parameter has another number of elements");
    channel_ = count <= 1 ? 0 : count == shape.c ? 1 : plane;
    pixel_ = count > 1 && count != shape.c ? 1 : 0;
  }

  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }

  [[nodiscard]] bool is_single() const noexcept { return values_.size() == 1; }

  [[nodiscard]] T at(std::int64_t pixel, std::int64_t channel) const noexcept {
    return values_[static_cast<std::size_t>(pixel * pixel_ + channel * channel_)];
  }

 private:
  std::span<const T> values_;
  std::int64_t pixel_ = 0;
  std::int64_t channel_ = 0;
};

/// A map, perhaps of one position or one channel, or constants in steps.
struct Operand {
  NodeReader::Map map;
  std::int64_t pixel = 0;    ///< 0: one position for all
  std::int64_t channel = 1;  ///< 0: one channel for all
  PerElement<std::int32_t> constants;

  [[nodiscard]] bool is_map() const noexcept { return constants.empty(); }
};

Operand read_operand(const NodeReader& node,
                     std::size_t index,
                     std::int64_t channels,
                     const MapShape& shape) {
  Operand operand;
  const ValueId id = node.input(index);
  if (channels == 0) {
    operand.constants = {node, node.constant<std::int32_t>(index), shape};
    node.require(!operand.constants.empty(), "a constant is left out");
    return operand;
  }
  operand.map = node.int8_map(id);
  const bool whole = operand.map.h == shape.h && operand.map.w == shape.w;
  node.require(operand.map.n == shape.n && (whole || operand.map.pixels() == 1) &&
                   (channels == shape.c || channels == 1) && channels <= operand.map.pixel,
               "an operand is of another shape");
  operand.pixel = whole ? operand.map.pixel : 0;
  operand.channel = channels == shape.c ? 1 : 0;
  return operand;
}

class ElementwiseStep final : public host::Step {
 public:
  ElementwiseStep(const Graph& graph, NodeId id, const Int8Kernels& with) : with_(with) {
    const NodeReader node(graph, id);
    shape_ = node.map_shape("shape");
    dst_ = node.map(node.output());
    node.require(
        dst_.n == shape_.n && dst_.h == shape_.h && dst_.w == shape_.w && shape_.c <= dst_.pixel,
        "its result is of another shape");
    operation_ = operation_of(node);
    absolute_ = operation_.name == "Abs";
    const auto channels = node.attributes().get_ints("channels");
    node.require(!channels.empty(), "it has no operands");
    for (std::size_t i = 0; i < channels.size(); ++i) {
      operands_.push_back(read_operand(node, i, channels[i], shape_));
    }
    const std::size_t behind = channels.size();
    factor_ = {node, node.constant<std::int8_t>(behind), shape_};
    shift_ = {node, node.constant<std::int32_t>(behind + 1), shape_};
    multipliers_ = {node, node.constant<float>(behind + 2), shape_};
    negative_ = {node, node.constant<float>(behind + 3), shape_};
    node.require(!multipliers_.empty(), "it has no multiplier");
    node.require_finite(node.constant<float>(behind + 2));
    node.require_finite(node.constant<float>(behind + 3));
    rounding_ = node.rounding();
    bounds_ = node.bounds();
  }

  void run(const host::Frame& frame) const override {
    const Pieces pieces = host::cut(dst_.pixels(), shape_.c, kElementsPerPiece, kLeastPieces);
    frame.parallel(dst_.n * pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const std::int64_t image = task / pieces.number();
      const std::int64_t begin = pieces.begin(task % pieces.number());
      const std::int64_t end = pieces.end(task % pieces.number());
      if (is_plain() && operands_.size() == 1 && operands_[0].pixel != 0) {
        run_unary(frame, image, begin, end);
      } else if (is_plain() && operands_.size() == 2 && operation_.kernel &&
                 operands_[0].is_map() && operands_[1].is_map()) {
        run_binary(frame, image, begin, end);
      } else {
        run_any(frame, image, begin, end);
      }
    });
  }

 private:
  /// Whether the kernels' requantisation does it.
  [[nodiscard]] bool is_plain() const noexcept {
    return dst_.dtype == DType::Int8 && factor_.empty() && shift_.empty() &&
           multipliers_.is_single() && (negative_.empty() || negative_.is_single());
  }

  [[nodiscard]] Requantisation requantisation() const noexcept {
    const float multiplier = multipliers_.at(0, 0);
    return {.multiplier = multiplier,
            .negative_multiplier = absolute_           ? -multiplier
                                   : negative_.empty() ? multiplier
                                                       : negative_.at(0, 0),
            .rounding = rounding_,
            .bounds = bounds_};
  }

  static const std::int8_t* image_of(const host::Frame& frame,
                                     const NodeReader::Map& map,
                                     std::int64_t image) {
    return frame.data<const std::int8_t>(map.id) + image * map.pixels() * map.pixel;
  }

  void run_unary(const host::Frame& frame,
                 std::int64_t image,
                 std::int64_t begin,
                 std::int64_t end) const {
    const NodeReader::Map& src = operands_[0].map;
    with_.rescale(
        {.src = image_of(frame, src, image) + begin * src.pixel,
         .src_pixel = src.pixel,
         .dst = frame.data<std::int8_t>(dst_.id) + (image * dst_.pixels() + begin) * dst_.pixel,
         .dst_pixel = dst_.pixel,
         .pixels = end - begin,
         .channels = dst_.pixel},
        requantisation());
  }

  void run_binary(const host::Frame& frame,
                  std::int64_t image,
                  std::int64_t begin,
                  std::int64_t end) const {
    const auto operand = [&](const Operand& from) {
      return BinaryArgs::Operand{.data = image_of(frame, from.map, image) + begin * from.pixel,
                                 .pixel = from.pixel,
                                 .channel = from.channel};
    };
    with_.binary(
        {.op = *operation_.kernel,
         .a = operand(operands_[0]),
         .b = operand(operands_[1]),
         .dst = frame.data<std::int8_t>(dst_.id) + (image * dst_.pixels() + begin) * dst_.pixel,
         .dst_pixel = dst_.pixel,
         .pixels = end - begin,
         .channels = dst_.pixel,
         .requantisation = requantisation()});
  }

  [[nodiscard]] std::int64_t sum(const host::Frame& frame,
                                 std::int64_t image,
                                 std::int64_t pixel,
                                 std::int64_t channel) const {
    const auto value = [&](const Operand& operand) -> std::int64_t {
      return operand.is_map()
                 ? image_of(
                       frame, operand.map, image)[pixel * operand.pixel + channel * operand.channel]
                 : operand.constants.at(pixel, channel);
    };
    std::int64_t n = value(operands_[0]);
    for (std::size_t i = 1; i < operands_.size(); ++i) {
      n = operation_.function(n, value(operands_[i]));
    }
    n = absolute_ ? std::abs(n) : n;
    n = factor_.empty() ? n : n * factor_.at(pixel, channel);
    return shift_.empty() ? n : n + shift_.at(pixel, channel);
  }

  void run_any(const host::Frame& frame,
               std::int64_t image,
               std::int64_t begin,
               std::int64_t end) const {
    for (std::int64_t pixel = begin; pixel < end; ++pixel) {
      const std::int64_t at = (image * dst_.pixels() + pixel) * dst_.pixel;
      for (std::int64_t c = 0; c < dst_.pixel; ++c) {
        const std::int64_t n = c < shape_.c ? sum(frame, image, pixel, c) : 0;
        const std::int64_t of = std::min(c, shape_.c - 1);
        const float m =
            n < 0 && !negative_.empty() ? negative_.at(pixel, of) : multipliers_.at(pixel, of);
        if (dst_.dtype == DType::Int8) {
          frame.data<std::int8_t>(dst_.id)[at + c] =
              kernels::int8::requantize(n, m, rounding_, bounds_);
        } else {
          frame.data<std::uint16_t>(dst_.id)[at + c] = kernels::int8::requantize_half(n, m);
        }
      }
    }
  }

  const Int8Kernels& with_;
  MapShape shape_;
  NodeReader::Map dst_;
  Operation operation_{};
  bool absolute_ = false;
  std::vector<Operand> operands_;
  PerElement<std::int8_t> factor_;
  PerElement<std::int32_t> shift_;
  PerElement<float> multipliers_;
  PerElement<float> negative_;
  kernels::int8::Rounding rounding_ = kernels::int8::Rounding::HalfAwayFromZero;
  kernels::int8::Bounds bounds_{};
};

class LookUpStep final : public host::Step {
 public:
  LookUpStep(const Graph& graph, NodeId id, const Int8Kernels& with) : look_up_(with.look_up) {
    const NodeReader node(graph, id);
    src_ = node.int8_map(node.input(0));
    dst_ = node.int8_map(node.output());
    table_ = node.constant<std::int8_t>(1);
    node.require(table_.size() == 256, "its table has another size");
    node.require(node.shape(src_.id) == node.shape(dst_.id), "its result is of another shape");
  }

  void run(const host::Frame& frame) const override {
    const std::int64_t pixels = src_.n * src_.pixels();
    const Pieces pieces = host::cut(pixels, src_.pixel, kElementsPerPiece, kLeastPieces);
    frame.parallel(pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const std::int64_t begin = pieces.begin(task);
      look_up_({.src = frame.data<const std::int8_t>(src_.id) + begin * src_.pixel,
                .src_pixel = src_.pixel,
                .dst = frame.data<std::int8_t>(dst_.id) + begin * dst_.pixel,
                .dst_pixel = dst_.pixel,
                .pixels = pieces.end(task) - begin,
                .channels = src_.pixel},
               table_.data());
    });
  }

 private:
  kernels::int8::LookUpFn look_up_;
  NodeReader::Map src_;
  NodeReader::Map dst_;
  std::span<const std::int8_t> table_;
};

}  // namespace

StepPtr make_elementwise_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<ElementwiseStep>(graph, id, with);
}

StepPtr make_look_up_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<LookUpStep>(graph, id, with);
}

}  // namespace mtmi::int8
