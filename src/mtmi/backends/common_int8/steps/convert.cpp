// int8.Convert: between layouts and element types.
#include <cstring>

#include "mtmi/backends/common_int8/steps/makers.h"
#include "mtmi/backends/common_int8/steps/node_reader.h"
#include "mtmi/device/layout.h"

namespace mtmi::int8 {
namespace {

using kernels::int8::ElementType;

constexpr std::int64_t kElementsPerPiece = 1 << 17;

/// One side: how a map lies.
struct Side {
  ValueId id = kNoValue;
  ElementType type = ElementType::Int8;
  std::size_t element = 1;  ///< [bytes]
  std::size_t image = 0;    ///< [bytes]
  std::size_t size = 0;     ///< of all images [bytes]
  kernels::int8::Layout layout{};
  bool has_row_padding = false;  ///< columns or channels that no element stands for
};

ElementType element_type(const NodeReader& node, DType dtype) {
  node.require(dtype == DType::Int8 || dtype == DType::Float16 || dtype == DType::Float32,
               "an element type is not converted");
  return dtype == DType::Int8      ? ElementType::Int8
         : dtype == DType::Float16 ? ElementType::Float16
                                   : ElementType::Float32;
}

LayoutStrides map_strides(const MapShape& shape) {
  const std::int64_t pixel = padded_channels(shape.c);
  return {.block = pixel,
          .batch = shape.h * shape.w * pixel,
          .plane = 0,
          .row = shape.w * pixel,
          .column = pixel,
          .channel = 1};
}

Side read_side(const NodeReader& node,
               ValueId id,
               std::string_view attribute,
               const MapShape& shape) {
  const std::int64_t code = node.attributes().get_int(attribute, kMapLayout);
  node.require(kMapLayout <= code && code <= static_cast<std::int64_t>(Layout::DlaHwc4),
               "a layout is unknown");
  Side side{.id = id, .type = element_type(node, node.dtype(id))};
  const auto es = static_cast<std::int64_t>(size_of(node.dtype(id)));
  const TensorDesc desc{.name = "x",
                        .dtype = node.dtype(id),
                        .shape = shape.logical(),
                        .layout = static_cast<Layout>(code < 0 ? 0 : code)};
  node.require(code >= 0 || node.dtype(id) == DType::Int8, "a map is not of INT8");
  const LayoutStrides strides = code < 0 ? map_strides(shape) : strides_of(desc);
  side.element = static_cast<std::size_t>(es);
  side.image = static_cast<std::size_t>(strides.batch);
  side.size = side.image * static_cast<std::size_t>(shape.n);
  side.layout = {.block = strides.block,
                 .block_stride = strides.plane / es,
                 .row = strides.row / es,
                 .pixel = strides.column / es};
  side.has_row_padding = strides.row != shape.w * strides.column;
  node.require(static_cast<std::size_t>(node.shape(id).num_elements()) * side.element == side.size,
               "a buffer is of another size");
  return side;
}

class ConvertStep final : public host::Step {
 public:
  ConvertStep(const Graph& graph, NodeId id, const Int8Kernels& with) : convert_(with.convert) {
    const NodeReader node(graph, id);
    shape_ = node.map_shape("shape");
    src_ = read_side(node, node.input(0), "from", shape_);
    dst_ = read_side(node, node.output(), "to", shape_);
    scale_ = node.number("scale");
    node.require(scale_ > 0.0F || src_.type == dst_.type, "its scale is not above 0");
    rounding_ = node.rounding();
  }

  void run(const host::Frame& frame) const override {
    if (dst_.has_row_padding) {
      std::memset(frame.bytes(dst_.id), 0, dst_.size);
    }
    const Pieces pieces = host::cut(shape_.h, shape_.w * shape_.c, kElementsPerPiece, kLeastPieces);
    frame.parallel(shape_.n * pieces.number(), [&](std::int64_t task, std::byte* /*scratch*/) {
      const auto image = static_cast<std::size_t>(task / pieces.number());
      const std::int64_t piece = task % pieces.number();
      convert_({.src = frame.bytes(src_.id) + image * src_.image,
                .src_type = src_.type,
                .src_layout = src_.layout,
                .dst = frame.bytes(dst_.id) + image * dst_.image,
                .dst_type = dst_.type,
                .dst_layout = dst_.layout,
                .channels = shape_.c,
                .width = shape_.w,
                .row_begin = pieces.begin(piece),
                .row_end = pieces.end(piece),
                .dst_zero_to = dst_.layout.block,
                .scale = scale_,
                .rounding = rounding_});
    });
  }

 private:
  kernels::int8::ConvertFn convert_;
  MapShape shape_;
  Side src_;
  Side dst_;
  float scale_ = 1.0F;
  kernels::int8::Rounding rounding_ = kernels::int8::Rounding::HalfToEven;
};

}  // namespace

StepPtr make_convert_step(const Graph& graph, NodeId id, const Int8Kernels& with) {
  return std::make_unique<ConvertStep>(graph, id, with);
}

}  // namespace mtmi::int8
