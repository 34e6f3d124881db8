#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"

namespace mtmi::report {
namespace {

constexpr double kWidth = 150.0;
constexpr double kHeight = 18.0;
constexpr double kMiddle = kHeight / 2.0;
constexpr double kPoint = 7.0;  // its diameter
// The axis, in limits: what is far over the limit may be anywhere beyond.
constexpr double kLowest = -1.6;
constexpr double kHighest = 2.4;

double x_of(double limits) {
  return (limits - kLowest) / (kHighest - kLowest) * kWidth;
}

}  // namespace

std::string draw_loss(const Loss& loss) {
  Drawing drawing(kWidth, kHeight, Width::Any, "What was lost, beside its limit");
  drawing.line(x_of(0.0), 0.0, x_of(0.0), kHeight, "zero");
  drawing.line(x_of(1.0), 0.0, x_of(1.0), kHeight, "threshold");
  const double unit = loss.limit > 0.0 ? loss.limit : 1.0;
  const std::string colour = loss.passed ? "passed" : "failed";
  const double low = std::clamp(loss.low / unit, kLowest, kHighest);
  const double high = std::clamp(loss.high / unit, kLowest, kHighest);
  drawing.line(x_of(low), kMiddle, x_of(high), kMiddle, "whisker " + colour);
  const double value = loss.value / unit;
  if (value > kHighest || loss.high / unit > kHighest) {
    Path path(x_of(low), kMiddle);
    path.line_to(kWidth - Drawing::kTip, kMiddle);
    drawing.arrow(path, kWidth, kMiddle, true, colour);
  }
  if (value >= kLowest && value <= kHighest) {
    drawing.rectangle(x_of(value) - kPoint / 2.0,
                      kMiddle - kPoint / 2.0,
                      kPoint,
                      kPoint,
                      "point " + colour,
                      fmt::format("{:.3g} of the limit", value));
  }
  return drawing.finish();
}

}  // namespace mtmi::report
