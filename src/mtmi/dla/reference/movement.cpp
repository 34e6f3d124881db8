// Layers that choose and join elements.
#include <algorithm>

#include "mtmi/dla/reference/layer_view.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::dla::reference {

std::vector<Sums> moved(const LayerView& view) {
  return moved_integers(view, view.input(0));
}

std::vector<Sums> moved_integers(const LayerView& view, const Integers& src) {
  // The node itself on integers held as float32, which holds them exactly.
  Tensor floats(DType::Float32, src.shape);
  std::copy(src.n.begin(), src.n.end(), floats.data<float>().begin());
  std::vector<const Tensor*> inputs{&floats};
  for (std::size_t i = 1; i < view.node().inputs.size(); ++i) {
    inputs.push_back(view.constant(i));
  }
  std::vector<Sums> all;
  for (const Tensor& result : evaluate(view.graph(), view.id(), inputs)) {
    Sums sums{.shape = result.shape(), .n = {}, .numerator = {{src.scale}}};
    for (const float x : result.data<float>()) {
      // A window of padding alone gives the lowest number.
      sums.n.push_back(static_cast<std::int64_t>(std::max(x, -128.0F)));
    }
    all.push_back(std::move(sums));
  }
  all.resize(view.layer().outputs.size());
  return all;
}

std::vector<Sums> concat_sums(const LayerView& view) {
  Sums sums{.shape = view.output_shape(0), .n = {}, .numerator = {{}}};
  std::vector<Integers> parts;
  for (std::size_t i = 0; i < view.node().inputs.size(); ++i) {
    parts.push_back(view.input(i));
    sums.numerator.values.insert(sums.numerator.values.end(),
                                 static_cast<std::size_t>(parts.back().shape[1]),
                                 static_cast<double>(parts.back().scale));
  }
  for (std::int64_t image = 0; image < sums.shape[0]; ++image) {
    for (const Integers& part : parts) {
      const std::int64_t size = part.shape.num_elements() / part.shape[0];
      const auto begin = part.n.begin() + image * size;
      sums.n.insert(sums.n.end(), begin, begin + size);
    }
  }
  return {sums};
}

}  // namespace mtmi::dla::reference
