// Products with constants, in plain loops.

#include "mtmi/dla/layer_constants.h"
#include "mtmi/dla/reference/layer_view.h"
#include "mtmi/ops/conv.h"

namespace mtmi::dla::reference {
namespace {

PerChannel steps_of(float src_scale, const std::vector<float>& scales) {
  PerChannel steps{.values = {}};
  for (const float scale : scales) {
    steps.values.push_back(static_cast<double>(src_scale) * static_cast<double>(scale));
  }
  return steps;
}

std::size_t index(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// The node's windows over rows and columns; one position of a map for matrices.
struct Geometry {
  std::int64_t groups = 1;
  Window h;
  Window w;
};

Geometry geometry_of(const LayerView& view, const Shape& src) {
  const std::string& op = view.node().op;
  if (op == "Conv") {
    const auto g = ops::conv_geometry(view.node().attributes, src, view.constant(1)->shape());
    return {.groups = g.groups, .h = g.windows[0], .w = g.windows[1]};
  }
  if (op == "ConvTranspose") {
    const auto g =
        ops::conv_transpose_geometry(view.node().attributes, src, view.constant(1)->shape());
    return {.groups = 1, .h = g.windows[0], .w = g.windows[1]};
  }
  return {};
}

/// Sum over the taps of one output: those inside the source.
std::int64_t convolve(const Integers& src,
                      const QuantizedWeights& q,
                      const Geometry& g,
                      std::int64_t ic,
                      std::int64_t image,
                      std::int64_t k,
                      std::int64_t y,
                      std::int64_t x) {
  const std::int64_t rows = static_cast<std::int64_t>(q.bias.size());
  const std::int64_t first = k / (rows / g.groups) * ic;
  std::int64_t sum = q.bias[index(k)];
  for (std::int64_t c = 0; c < ic; ++c) {
    for (std::int64_t i = 0; i < g.h.kernel; ++i) {
      for (std::int64_t j = 0; j < g.w.kernel; ++j) {
        const std::int64_t sy = g.h.position(y, i);
        const std::int64_t sx = g.w.position(x, j);
        if (sy >= 0 && sy < g.h.in && sx >= 0 && sx < g.w.in) {
          const std::int64_t plane = image * src.shape[1] + first + c;
          const std::int64_t weight = ((k * ic + c) * g.h.kernel + i) * g.w.kernel + j;
          sum += src.n[index((plane * g.h.in + sy) * g.w.in + sx)] * q.weights[index(weight)];
        }
      }
    }
  }
  return sum;
}

void convolution(const Integers& src, const QuantizedWeights& q, const Geometry& g, Sums& sums) {
  const Shape& dst = sums.shape;
  const auto rows = static_cast<std::int64_t>(q.bias.size());
  const std::int64_t ic = src.shape[1] / g.groups;
  for (std::int64_t image = 0; image < dst[0]; ++image) {
    for (std::int64_t k = 0; k < rows; ++k) {
      for (std::int64_t y = 0; y < g.h.out; ++y) {
        for (std::int64_t x = 0; x < g.w.out; ++x) {
          sums.n.push_back(convolve(src, q, g, ic, image, k, y, x));
        }
      }
    }
  }
}

/// Every source adds to the outputs under its taps; `out` of the windows belongs to the source.
void deconvolution(const Integers& src, const QuantizedWeights& q, const Geometry& g, Sums& sums) {
  const Shape& dst = sums.shape;
  const std::int64_t ic = src.shape[1];
  const auto oc = static_cast<std::int64_t>(q.bias.size());
  const std::int64_t plane = g.h.in * g.w.in;
  for (std::int64_t i = 0; i < dst.num_elements(); ++i) {
    sums.n.push_back(q.bias[index(i / plane % oc)]);
  }
  for (std::int64_t i = 0; i < src.shape.num_elements(); ++i) {
    const std::int64_t x = i % g.w.out;
    const std::int64_t y = i / g.w.out % g.h.out;
    const std::int64_t c = i / (g.w.out * g.h.out) % ic;
    const std::int64_t image = i / (g.w.out * g.h.out * ic);
    for (std::int64_t k = 0; k < oc; ++k) {
      for (std::int64_t t = 0; t < g.h.kernel * g.w.kernel; ++t) {
        const std::int64_t dy = g.h.position(y, t / g.w.kernel);
        const std::int64_t dx = g.w.position(x, t % g.w.kernel);
        if (dy >= 0 && dy < g.h.in && dx >= 0 && dx < g.w.in) {
          const std::int64_t at = (image * oc + k) * plane + dy * g.w.in + dx;
          const std::int64_t weight = (k * ic + c) * g.h.kernel * g.w.kernel + t;
          sums.n[index(at)] += src.n[index(i)] * q.weights[index(weight)];
        }
      }
    }
  }
}

/// factor * x + shift of the integers `n` in steps of `scale`, on the grid of INT8 weights.
Sums scaled(const Integers& src, const Affine& affine, Rounding rounding) {
  const QuantizedWeights q = quantize_weights(affine.factor, affine.shift, src.scale, rounding);
  const PerChannel factors{.values = {q.weights.begin(), q.weights.end()}};
  const PerChannel shifts{.values = {q.bias.begin(), q.bias.end()}};
  Sums sums{.shape = src.shape, .n = {}, .numerator = steps_of(src.scale, q.scales)};
  for (std::int64_t i = 0; i < src.shape.num_elements(); ++i) {
    sums.n.push_back(src.n[index(i)] * static_cast<std::int64_t>(factors.at(src.shape, i)) +
                     static_cast<std::int64_t>(shifts.at(src.shape, i)));
  }
  return sums;
}

Affine affine_of_constant(std::string_view op, bool constant_first, std::vector<float> values) {
  Affine affine{.factor = std::vector<float>(values.size(), 1.0F),
                .shift = std::vector<float>(values.size(), 0.0F)};
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (op == "Mul") {
      affine.factor[k] = values[k];
    } else if (op == "Div") {
      affine.factor[k] = 1.0F / values[k];
    } else if (op == "Sub" && constant_first) {
      affine.factor[k] = -1.0F;
      affine.shift[k] = values[k];
    } else {
      affine.shift[k] = op == "Sub" ? -values[k] : values[k];
    }
  }
  return affine;
}

}  // namespace

std::vector<Sums> product_sums(const LayerView& view) {
  const Integers src = view.input(0);
  const ProductWeights product =
      product_weights(view.graph(), view.id(), view.behind("BatchNormalization"));
  const QuantizedWeights q =
      quantize_weights(product.weights, product.bias, src.scale, view.rounding());
  Sums sums{.shape = view.output_shape(0), .n = {}, .numerator = steps_of(src.scale, q.scales)};
  const Geometry geometry = geometry_of(view, src.shape);
  if (view.node().op == "ConvTranspose") {
    deconvolution(src, q, geometry, sums);
  } else {
    convolution(src, q, geometry, sums);
  }
  return {sums};
}

std::vector<Sums> scaled_sums(const LayerView& view) {
  if (view.node().op == "BatchNormalization") {
    return {scaled(view.input(0), affine_of(view.graph(), view.id()), view.rounding())};
  }
  const std::size_t constant = view.constant(0) != nullptr ? 0 : 1;
  const Affine affine =
      affine_of_constant(view.node().op,
                         constant == 0,
                         *broadcast_constant(*view.constant(constant), view.output_shape(0)));
  return {scaled(view.input(1 - constant), affine, view.rounding())};
}

Sums normalized(const LayerView& view, const Sums& sums, NodeId normalization) {
  // The integers before it stand for one step each, all the same.
  const Integers src{
      .shape = sums.shape, .n = sums.n, .scale = static_cast<float>(sums.numerator.values.front())};
  return scaled(src, affine_of(view.graph(), normalization), view.rounding());
}

}  // namespace mtmi::dla::reference
