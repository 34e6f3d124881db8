#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"

namespace mtmi::report {
namespace {

constexpr std::size_t kColours = 5;  // classes f0 .. f4 of the page

/// Sizes of the drawing. Names stand in front of their lanes, on a narrow page above them.
struct Sizes {
  double width;
  double left;   // of the lanes
  double right;  // half a label of the axis
  double lane;
  double bar_top;  // in the lane
  double bar;
  double ticks;  // at most so many
};

constexpr double kAxis = 28.0;
constexpr Sizes kWide{.width = 900.0,
                      .left = 128.0,
                      .right = 30.0,
                      .lane = 38.0,
                      .bar_top = 6.0,
                      .bar = 26.0,
                      .ticks = 10.0};
constexpr Sizes kNarrow{.width = 400.0,
                        .left = 14.0,
                        .right = 24.0,
                        .lane = 46.0,
                        .bar_top = 20.0,
                        .bar = 20.0,
                        .ticks = 5.0};

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

/// 1, 2 or 5 times a power of ten.
double tick_of(double length, double max_ticks) {
  const double power = std::pow(10.0, std::floor(std::log10(length / max_ticks)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (length / (power * factor) <= max_ticks) {
      return power * factor;
    }
  }
  return power * 10.0;
}

struct Lane {
  std::string stage;
  std::string device;
};

/// Lanes of the bundle's stages in their order; before them what else was at work, as it began.
std::vector<Lane> lanes_of(const Report& report, std::vector<Span> spans) {
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.start_us < b.start_us;
  });
  const auto place_of = [&](const std::string& stage) {
    const auto at = std::find_if(report.stages.begin(), report.stages.end(), [&](const Stage& s) {
      return s.name == stage;
    });
    return at == report.stages.end() ? -1 : at - report.stages.begin();
  };
  std::vector<Lane> lanes;
  for (const Span& span : spans) {
    const bool is_new = std::none_of(
        lanes.begin(), lanes.end(), [&](const Lane& lane) { return lane.stage == span.stage; });
    if (is_new) {
      lanes.push_back({.stage = span.stage, .device = span.device});
    }
  }
  std::stable_sort(lanes.begin(), lanes.end(), [&](const Lane& a, const Lane& b) {
    return place_of(a.stage) < place_of(b.stage);
  });
  return lanes;
}

void draw_name(Drawing& drawing, const Sizes& sizes, const Lane& lane, double top, Width width) {
  constexpr std::size_t kLetters = 18;
  if (width == Width::Wide) {
    const double x = sizes.left - 14.0;
    drawing.text(x, top + 17.0, shorten_front(lane.stage, kLetters), "small", "end");
    drawing.text(x, top + 31.0, lane.device, "faint", "end");
  } else {
    drawing.text(sizes.left, top + 15.0, lane.stage + ", " + lane.device, "small");
  }
}

void draw_span(
    Drawing& drawing, const Sizes& sizes, const Span& span, double x, double end_x, double y) {
  const double width = std::max(end_x - x, 1.0);
  drawing.rectangle(x,
                    y,
                    width,
                    sizes.bar,
                    fmt::format("f{}", span.frame % kColours),
                    fmt::format("{}, frame {}: {:.2f} ms on {}",
                                span.stage,
                                span.frame,
                                (span.end_us - span.start_us) / 1000.0,
                                span.device));
  const std::string number = std::to_string(span.frame);
  if (width > 4.0 + 8.0 * static_cast<double>(number.size())) {
    drawing.text(x + width / 2.0, y + sizes.bar / 2.0 + 4.0, number, "in", "middle");
  }
}

}  // namespace

std::string draw_timeline(const Report& report, std::size_t max_frames, Width page) {
  const Sizes& sizes = page == Width::Wide ? kWide : kNarrow;
  const std::vector<Span> spans = first_frames(report.timeline, max_frames);
  double begin = std::numeric_limits<double>::max();
  double end = std::numeric_limits<double>::lowest();
  for (const Span& span : spans) {
    begin = std::min(begin, span.start_us);
    end = std::max(end, span.end_us);
  }
  const double length = std::max(end - begin, 1.0);
  const auto x_of = [&](double us) {
    return sizes.left + (us - begin) / length * (sizes.width - sizes.left - sizes.right);
  };
  const std::vector<Lane> lanes = lanes_of(report, spans);
  const double bottom = sizes.lane * static_cast<double>(lanes.size());
  Drawing drawing(sizes.width, bottom + kAxis, page, "When each stage worked on which frame");
  const double tick = tick_of(length, sizes.ticks);
  for (double at = 0.0; at <= length; at += tick) {
    const double x = x_of(begin + at);
    drawing.line(x, 0.0, x, bottom, "grid");
    drawing.text(x, bottom + 18.0, fmt::format("{:g} ms", at / 1000.0), "faint", "middle");
  }
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const double top = sizes.lane * static_cast<double>(i);
    draw_name(drawing, sizes, lanes[i], top, page);
    for (const Span& span : spans) {
      if (span.stage == lanes[i].stage) {
        draw_span(
            drawing, sizes, span, x_of(span.start_us), x_of(span.end_us), top + sizes.bar_top);
      }
    }
  }
  return drawing.finish();
}

}  // namespace mtmi::report
