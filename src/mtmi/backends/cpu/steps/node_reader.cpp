#include "mtmi/backends/cpu/steps/node_reader.h"

namespace mtmi::cpu {

void NodeReader::require_inputs(std::size_t count, DType type) const {
  for (std::size_t i = 0; i < count; ++i) {
    require(dtype(input(i)) == type, "an input has another element type");
  }
}

void NodeReader::require_weights(std::int64_t count, DType type) const {
  require(dtype(input(1)) == type, "weights of another element type");
  require(shape(input(1)).num_elements() == count, "weights of another size");
}

void NodeReader::require_elements(std::size_t index,
                                  std::int64_t count,
                                  std::string_view what) const {
  if (input(index) != kNoValue) {
    require(shape(input(index)).num_elements() == count, what);
    require(dtype(input(index)) == DType::Float32, what);
  }
}

std::array<kernels::WindowSpec, 2> NodeReader::windows() const {
  const Shape src = shape(input(0));
  const Shape dst = shape(output());
  require(src.rank() == 4 && dst.rank() == 4, "a map has not four axes");
  const auto kernel = pair("kernel");
  const auto strides = pair("strides");
  const auto dilations = pair("dilations");
  const auto pads = pair("pads");
  std::array<kernels::WindowSpec, 2> windows;
  for (std::size_t i = 0; i < 2; ++i) {
    const int axis = static_cast<int>(i) + 1;
    windows[i] = {.in = src[axis],
                  .out = dst[axis],
                  .kernel = kernel[i],
                  .stride = strides[i],
                  .dilation = dilations[i],
                  .pad = pads[i]};
    require(kernel[i] >= 1 && strides[i] >= 1 && dilations[i] >= 1, "a window is impossible");
  }
  return windows;
}

kernels::Epilogue NodeReader::epilogue() const {
  return {.bias = nullptr,
          .residual = nullptr,
          .first = read_activation(attributes(), "first"),
          .last = read_activation(attributes(), "last")};
}

std::vector<kernels::ResizeTap> read_taps(const NodeReader& node,
                                          const std::string& axis,
                                          std::int64_t in,
                                          std::int64_t out) {
  const auto indices = node.attributes().get_ints(axis + "_indices");
  const Attribute* attribute = node.attributes().find(axis + "_weights");
  std::span<const float> weights;
  if (const auto* held = std::get_if<std::vector<float>>(attribute)) {
    weights = *held;
  }
  const auto count = static_cast<std::size_t>(out);
  node.require(weights.size() == count && indices.size() == 2 * count,
               "the taps have another number");
  std::vector<kernels::ResizeTap> taps;
  for (std::size_t i = 0; i < count; ++i) {
    const kernels::ResizeTap tap{indices[2 * i], indices[2 * i + 1], weights[i]};
    node.require(tap.low >= 0 && tap.low < in && tap.high >= 0 && tap.high < in,
                 "a tap lies outside");
    taps.push_back(tap);
  }
  return taps;
}

}  // namespace mtmi::cpu
