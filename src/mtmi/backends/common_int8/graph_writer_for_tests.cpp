#include "mtmi/backends/common_int8/graph_writer_for_tests.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::int8 {

std::int64_t GraphWriter::from(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
}

Extents GraphWriter::map() {
  return {from(1, 2), any({1, 2, 7, 16, 31, 32, 33, 40, 64}), from(1, 9), from(1, 9)};
}

void GraphWriter::input(const std::string& name, const Extents& shape) {
  statement(fmt::format("input %{}: f32[{}]", name, fmt::join(shape, ",")));
  inputs_.push_back(name);
  shapes_.push_back(shape);
}

void GraphWriter::weights(const std::string& name, const Extents& shape, std::int64_t row) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    count *= extent;
  }
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto whole = static_cast<float>(from(-127, 127));
    values.push_back(!ties_ ? random_.normal() : i % row == 0 ? 127.0F : whole);
  }
  constant(name, shape, values);
}

void GraphWriter::numbers(const std::string& name, const Extents& shape, float low, float high) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    count *= extent;
  }
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = random_.uniform(low, high);
    values.push_back(ties_ ? std::max(std::round(value * 2.0F) / 2.0F, low) : value);
  }
  constant(name, shape, values);
}

void GraphWriter::scale(const std::string& name, double size) {
  const double exact = ties_ ? std::exp2(std::round(std::log2(size)))
                             : size * static_cast<double>(random_.uniform(0.4F, 2.5F));
  scales_[name] = static_cast<float>(exact);
}

RandomLayer GraphWriter::finish(const std::string& outputs) {
  RandomLayer layer;
  layer.graph = parse_text("graph \"layer\" {\n" + body_ + " output " + outputs + "\n}");
  ops::infer_types(layer.graph);
  layer.options.precision = Precision::Int8;
  layer.options.scales = scales_;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    layer.inputs.insert_or_assign(inputs_[i], numbers_of(Shape(shapes_[i])));
  }
  return layer;
}

void GraphWriter::constant(const std::string& name,
                           const Extents& shape,
                           const std::vector<float>& values) {
  statement(fmt::format(
      "const %{}: f32[{}] = [{}]", name, fmt::join(shape, ","), fmt::join(values, ", ")));
}

Tensor GraphWriter::numbers_of(const Shape& shape) {
  Tensor tensor(DType::Int8, shape);
  for (std::int8_t& q : tensor.data<std::int8_t>()) {
    const std::int64_t pick = from(0, 9);
    q = static_cast<std::int8_t>(pick == 0 ? -128 : pick == 1 ? 127 : from(-128, 127));
  }
  return tensor;
}

}  // namespace mtmi::int8
