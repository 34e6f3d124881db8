// Averages and resizes, in plain loops.
#include <algorithm>

#include "mtmi/dla/layer.h"
#include "mtmi/dla/reference/layer_view.h"
#include "mtmi/ops/pooling.h"
#include "mtmi/ops/resize.h"

namespace mtmi::dla::reference {
namespace {

std::size_t index(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// What the sum under a window is divided by along one axis; 0 where it holds nothing. ONNX leaves
/// out what reaches beyond the padding, a DLA counts the whole window.
std::int64_t taps_counted(const Window& window,
                          std::int64_t o,
                          bool count_include_pad,
                          Rounding rounding) {
  if (count_include_pad && rounding == Rounding::HalfAway) {
    return window.kernel;
  }
  if (count_include_pad) {
    std::int64_t count = 0;
    for (std::int64_t k = 0; k < window.kernel; ++k) {
      count += window.position(o, k) < window.in + window.pad_end ? 1 : 0;
    }
    return count;
  }
  const IndexRange inside = taps_inside(window, o);
  return inside.end - inside.begin;
}

/// Two multiplications by reciprocals (NVDLA's unit description, PDP).
std::int64_t published_mean(std::int64_t sum, std::int64_t columns, std::int64_t rows) {
  const std::int64_t of_rows = pooling_mean(sum, columns);
  return std::clamp<std::int64_t>(pooling_mean(of_rows, rows), -128, 127);
}

std::int64_t window_sum(
    const Integers& src, std::int64_t plane, const Window& h, const Window& w, std::int64_t o) {
  const IndexRange rows = taps_inside(h, o / w.out);
  const IndexRange columns = taps_inside(w, o % w.out);
  std::int64_t sum = 0;
  for (std::int64_t i = rows.begin; i < rows.end; ++i) {
    for (std::int64_t j = columns.begin; j < columns.end; ++j) {
      sum +=
          src.n[index((plane * h.in + h.position(o / w.out, i)) * w.in + w.position(o % w.out, j))];
    }
  }
  return sum;
}

/// One axis of a linear resize by a whole factor: two neighbours and the weight of the second, out
/// of 2 * factor.
struct Mix {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t weight = 0;
};

Mix mix_of(std::int64_t o, std::int64_t factor, std::int64_t n) {
  const std::int64_t p = std::clamp<std::int64_t>(2 * o + 1 - factor, 0, 2 * factor * (n - 1));
  const std::int64_t low = p / (2 * factor);
  return {.low = low, .high = std::min(low + 1, n - 1), .weight = p % (2 * factor)};
}

}  // namespace

std::vector<Sums> average_sums(const LayerView& view) {
  const float own = view.input(0).scale;
  const float scale = view.output_scale(0).value_or(own);
  const bool published = view.rounding() == Rounding::HalfAway;
  const Integers src = published ? view.rescaled(view.input(0), scale) : view.input(0);
  const ops::PoolGeometry geometry = ops::pool_geometry(view.node(), src.shape);
  const Window& h = geometry.windows[0];
  const Window& w = geometry.windows[1];
  const bool pad = geometry.count_include_pad;
  Sums sums{.shape = view.output_shape(0), .n = {}, .numerator = {{scale}}};
  for (std::int64_t i = 0; i < sums.shape.num_elements(); ++i) {
    const std::int64_t o = i % (h.out * w.out);
    const std::int64_t columns = taps_counted(w, o % w.out, pad, view.rounding());
    const std::int64_t rows = taps_counted(h, o / w.out, pad, view.rounding());
    const std::int64_t sum = window_sum(src, i / (h.out * w.out), h, w, o);
    std::int64_t mean = 0;
    if (rows > 0 && columns > 0) {
      mean = published ? published_mean(sum, columns, rows)
                       : requantize(sum,
                                    static_cast<float>(static_cast<double>(own) /
                                                       (static_cast<double>(rows * columns) *
                                                        static_cast<double>(scale))),
                                    view.rounding());
    }
    sums.n.push_back(mean);
  }
  return {sums};
}

std::vector<Sums> pooled_sums(const LayerView& view) {
  const float own = view.input(0).scale;
  return moved_integers(view, view.rescaled(view.input(0), view.output_scale(0).value_or(own)));
}

std::vector<Sums> resized_sums(const LayerView& view) {
  const CheckOptions options;
  const Layer layer(view.graph(), view.id(), options);
  const ops::ResizeGeometry geometry = ops::resize_geometry(layer.context());
  if (geometry.rule.mode == ops::ResizeMode::Nearest) {
    return moved(view);
  }
  const Integers src = view.input(0);
  const std::int64_t ih = src.shape[2];
  const std::int64_t iw = src.shape[3];
  const auto rh = static_cast<std::int64_t>(geometry.axes[2].scale);
  const auto rw = static_cast<std::int64_t>(geometry.axes[3].scale);
  Sums sums{.shape = view.output_shape(0),
            .n = {},
            .numerator = {{src.scale}},
            .denominator = static_cast<double>(4 * rh * rw)};
  for (std::int64_t i = 0; i < sums.shape.num_elements(); ++i) {
    const Mix row = mix_of(i / (iw * rw) % (ih * rh), rh, ih);
    const Mix column = mix_of(i % (iw * rw), rw, iw);
    const std::int64_t plane = i / (iw * rw * ih * rh) * ih;
    const auto mixed = [&](std::int64_t y) {
      return src.n[index((plane + y) * iw + column.low)] * (2 * rw - column.weight) +
             src.n[index((plane + y) * iw + column.high)] * column.weight;
    };
    sums.n.push_back(mixed(row.low) * (2 * rh - row.weight) + mixed(row.high) * row.weight);
  }
  return {sums};
}

}  // namespace mtmi::dla::reference
