#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/core.h>

#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"

namespace mtmi::report {
namespace {

constexpr double kWidth = 320.0;
constexpr double kHeight = 110.0;
constexpr double kAxis = 18.0;

}  // namespace

std::string draw_distribution(const Distribution& distribution) {
  Drawing drawing(
      kWidth, kHeight + kAxis, Width::Any, "How often |x| is how large: " + distribution.tensor);
  const std::size_t bins = distribution.counts.size();
  const std::uint64_t most =
      bins == 0 ? 0 : *std::max_element(distribution.counts.begin(), distribution.counts.end());
  // The threshold may lie beyond the largest value (half a bin, or an aligned group's).
  const double right = std::max(distribution.absmax, distribution.amax);
  const double scale_x = right > 0.0 ? kWidth / right : 0.0;
  const double bin_width = bins == 0 ? 0.0 : distribution.absmax / static_cast<double>(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    if (distribution.counts[i] == 0) {
      continue;
    }
    // log(1 + n): a single outlier is to be seen beside millions.
    const double height = std::log1p(static_cast<double>(distribution.counts[i])) /
                          std::log1p(static_cast<double>(most)) * (kHeight - 6.0);
    const double from = bin_width * static_cast<double>(i);
    drawing.rectangle(from * scale_x,
                      kHeight - height,
                      std::max(bin_width * scale_x - 0.5, 0.5),
                      height,
                      from >= distribution.amax ? "bin cut" : "bin",
                      fmt::format("{} values from {:.4g}", distribution.counts[i], from));
  }
  const double threshold = std::min(distribution.amax * scale_x, kWidth - 1.0);
  drawing.line(threshold, 0.0, threshold, kHeight, "threshold");
  drawing.text(0.0, kHeight + 14.0, "0", "faint");
  drawing.text(kWidth, kHeight + 14.0, fmt::format("{:.4g}", right), "faint", "end");
  return drawing.finish();
}

}  // namespace mtmi::report
