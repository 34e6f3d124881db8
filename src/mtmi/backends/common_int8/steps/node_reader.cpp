#include "mtmi/backends/common_int8/steps/node_reader.h"

#include <algorithm>
#include <cmath>

namespace mtmi::int8 {

NodeReader::Map NodeReader::map(ValueId id) const {
  const Shape extents = shape(id);
  const DType type = dtype(id);
  require(extents.rank() == 4 && extents.num_elements() > 0, "a map has not four axes");
  require(type == DType::Int8 || type == DType::Float16, "a map is of another type");
  require(type == DType::Float16 || extents[3] % 32 == 0, "a map is not padded");
  return {.id = id,
          .dtype = type,
          .n = extents[0],
          .h = extents[1],
          .w = extents[2],
          .pixel = extents[3]};
}

NodeReader::Map NodeReader::int8_map(ValueId id) const {
  const Map result = map(id);
  require(result.dtype == DType::Int8, "a map is of another type");
  return result;
}

MapShape NodeReader::map_shape(std::string_view attribute) const {
  const auto values = attributes().get_ints(attribute);
  require(values.size() == 4, "an attribute has not four entries");
  for (const std::int64_t value : values) {
    require(value > 0 && value < kMost, "an attribute is out of range");
  }
  (void)Shape(values);  // refuses a product that overflows
  return {.n = values[0], .c = values[1], .h = values[2], .w = values[3]};
}

float NodeReader::number(std::string_view attribute) const {
  const float value = attributes().get_float(attribute, 0.0F);
  require(std::isfinite(value), "a number is not finite");
  return value;
}

kernels::int8::Rounding NodeReader::rounding() const {
  return attributes().get_int("even", 0) != 0 ? kernels::int8::Rounding::HalfToEven
                                              : kernels::int8::Rounding::HalfAwayFromZero;
}

kernels::int8::Bounds NodeReader::bounds() const {
  const std::int64_t lo = attributes().get_int("lo", -128);
  const std::int64_t hi = attributes().get_int("hi", 127);
  require(-128 <= lo && lo <= hi && hi <= 127, "its bounds are no INT8");
  return {.lo = static_cast<std::int8_t>(lo), .hi = static_cast<std::int8_t>(hi)};
}

std::array<Window, 2> NodeReader::windows(const Map& src, const Map& dst) const {
  const auto kernel = pair("kernel");
  const auto strides = pair("strides");
  const auto dilations = pair("dilations");
  const auto pads = pair("pads");
  const std::array<std::int64_t, 2> in{src.h, src.w};
  const std::array<std::int64_t, 2> out{dst.h, dst.w};
  std::array<Window, 2> windows;
  for (std::size_t i = 0; i < 2; ++i) {
    require(kernel[i] >= 1 && strides[i] >= 1 && dilations[i] >= 1, "a window is impossible");
    windows[i] = {.in = in[i],
                  .out = out[i],
                  .kernel = kernel[i],
                  .stride = strides[i],
                  .dilation = dilations[i],
                  .pad_begin = pads[i]};
    require(in[i] < kMost && out[i] < kMost, "a map is too large");
  }
  return windows;
}

void NodeReader::require_finite(std::span<const float> values) const {
  require(std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); }),
          "a multiplier is not finite");
}

}  // namespace mtmi::int8
