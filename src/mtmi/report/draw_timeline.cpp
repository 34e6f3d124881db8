#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"

namespace mtmi::report {
namespace {

constexpr double kWidth = 1000.0;
constexpr double kLabels = 170.0;  // left of the lanes
constexpr double kRight = 34.0;    // half a label of the axis
constexpr double kLane = 34.0;
constexpr double kBar = 24.0;
constexpr double kAxis = 30.0;
constexpr std::size_t kColours = 5;  // classes f0 .. f4 of the page

/// The spans of the frames with the smallest numbers.
std::vector<Span> first_frames(const std::vector<Span>& timeline, std::size_t max_frames) {
  std::set<std::uint64_t> frames;
  for (const Span& span : timeline) {
    frames.insert(span.frame);
  }
  while (frames.size() > max_frames) {
    frames.erase(std::prev(frames.end()));
  }
  std::vector<Span> kept;
  std::copy_if(timeline.begin(), timeline.end(), std::back_inserter(kept), [&](const Span& span) {
    return frames.contains(span.frame);
  });
  return kept;
}

/// 1, 2 or 5 times a power of ten: at most ten ticks.
double tick_of(double length) {
  const double power = std::pow(10.0, std::floor(std::log10(length / 10.0)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (length / (power * factor) <= 10.0) {
      return power * factor;
    }
  }
  return power * 10.0;
}

/// Lanes in the order in which stages first begin.
std::vector<std::string> lanes_of(std::vector<Span> spans) {
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.start_us < b.start_us;
  });
  std::vector<std::string> lanes;
  for (const Span& span : spans) {
    if (std::find(lanes.begin(), lanes.end(), span.stage) == lanes.end()) {
      lanes.push_back(span.stage);
    }
  }
  return lanes;
}

}  // namespace

std::string draw_timeline(const Report& report, std::size_t max_frames) {
  const std::vector<Span> spans = first_frames(report.timeline, max_frames);
  double begin = std::numeric_limits<double>::max();
  double end = std::numeric_limits<double>::lowest();
  for (const Span& span : spans) {
    begin = std::min(begin, span.start_us);
    end = std::max(end, span.end_us);
  }
  const double length = std::max(end - begin, 1.0);
  const auto x_of = [&](double us) {
    return kLabels + (us - begin) / length * (kWidth - kLabels - kRight);
  };
  const std::vector<std::string> lanes = lanes_of(spans);
  const double bottom = kLane * static_cast<double>(lanes.size());
  Drawing drawing(kWidth, bottom + kAxis, "When each stage worked on which frame");
  const double tick = tick_of(length);
  for (double at = 0.0; at <= length; at += tick) {
    const double x = x_of(begin + at);
    drawing.line(x, 0.0, x, bottom, "grid");
    drawing.text(x, bottom + 18.0, fmt::format("{:g} ms", at / 1000.0), "faint", "middle");
  }
  for (const Span& span : spans) {
    const auto lane = std::find(lanes.begin(), lanes.end(), span.stage) - lanes.begin();
    const double y = kLane * static_cast<double>(lane) + (kLane - kBar) / 2.0;
    const double x = x_of(span.start_us);
    const double width = std::max(x_of(span.end_us) - x, 1.0);
    drawing.rectangle(x,
                      y,
                      width,
                      kBar,
                      fmt::format("f{}", span.frame % kColours),
                      fmt::format("{}, frame {}: {:.3f} ms on {}",
                                  span.stage,
                                  span.frame,
                                  (span.end_us - span.start_us) / 1000.0,
                                  span.device));
    if (width > 18.0) {
      drawing.text(x + width / 2.0, y + 16.0, std::to_string(span.frame), "in", "middle");
    }
  }
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const double y = kLane * static_cast<double>(i) + kLane / 2.0 + 4.0;
    drawing.text(kLabels - 12.0, y, shorten_front(lanes[i], 22), "small", "end");
  }
  return drawing.finish();
}

}  // namespace mtmi::report
