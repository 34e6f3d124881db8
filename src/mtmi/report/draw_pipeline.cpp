#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "mtmi/core/format_bytes.h"
#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"
#include "mtmi/report/pipeline_layout.h"

namespace mtmi::report {
namespace {

constexpr double kBoxWidth = 140.0;
constexpr double kBoxHeight = 58.0;
constexpr double kMargin = 6.0;

struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// Turns places into points: layers from left to right, or from top to bottom on a narrow page.
class Sheet {
 public:
  Sheet(const PipelineLayout& layout, Width width) : width_(width) {
    along_ = kMargin + box_along() / 2.0;
    across_ = kMargin + pitch() * layout.ranks / 2.0;
  }

  [[nodiscard]] bool is_wide() const { return width_ == Width::Wide; }

  [[nodiscard]] Point size(const PipelineLayout& layout) const {
    const double along = step() * static_cast<double>(layout.layers - 1) + 2.0 * along_;
    return is_wide() ? Point{along, 2.0 * across_} : Point{2.0 * across_, along};
  }

  [[nodiscard]] Point centre(Place place) const {
    const double along = along_ + step() * static_cast<double>(place.layer);
    const double across = across_ + pitch() * place.rank;
    return is_wide() ? Point{along, across} : Point{across, along};
  }

  /// Where an arrow leaves the layer of `place`, and where it comes in.
  [[nodiscard]] Point exit(Place place) const { return moved(centre(place), box_along() / 2.0); }

  [[nodiscard]] Point entry(Place place) const { return moved(centre(place), -box_along() / 2.0); }

  /// `point` moved along the layers.
  [[nodiscard]] Point moved(Point point, double distance) const {
    (is_wide() ? point.x : point.y) += distance;
    return point;
  }

  /// Between the boxes of two layers.
  [[nodiscard]] double gap() const { return is_wide() ? 116.0 : 70.0; }

  /// Of a gap, what an arrow takes to get from one rank to another; it runs straight on the rest,
  /// where its label stands.
  [[nodiscard]] double bend() const { return is_wide() ? 34.0 : 28.0; }

 private:
  [[nodiscard]] double box_along() const { return is_wide() ? kBoxWidth : kBoxHeight; }

  [[nodiscard]] double step() const { return box_along() + gap(); }

  [[nodiscard]] double pitch() const { return is_wide() ? 96.0 : kBoxWidth + 22.0; }

  Width width_;
  double along_ = 0.0;   // of the first layer's middle
  double across_ = 0.0;  // of rank 0
};

void draw_box(Drawing& drawing,
              Point centre,
              const std::string& css_class,
              const std::string& name,
              const std::string& below) {
  drawing.rectangle(centre.x - kBoxWidth / 2.0,
                    centre.y - kBoxHeight / 2.0,
                    kBoxWidth,
                    kBoxHeight,
                    "box " + css_class,
                    name);
  constexpr std::size_t kLetters = 17;
  const double lift = below.empty() ? -5.0 : 5.0;
  drawing.text(centre.x, centre.y - lift, shorten_front(name, kLetters), "strong", "middle");
  if (!below.empty()) {
    drawing.text(centre.x, centre.y + 16.0, below, "small", "middle");
  }
}

bool is_only_one_into(const PipelineLayout& layout, const std::string& box) {
  return std::count_if(layout.routes.begin(), layout.routes.end(), [&](const Route& route) {
           return route.to == box;
         }) == 1;
}

/// Beside the straight piece of an arrow that begins at `from`: above it, or on its right.
void draw_label(
    Drawing& drawing, const Sheet& sheet, Point from, double length, const Route& route) {
  const std::string bytes = format_bytes(route.bytes);
  const std::string tensors = route.tensors > 1 ? fmt::format("{} tensors", route.tensors) : "";
  const Point middle = sheet.moved(from, length / 2.0);
  if (sheet.is_wide()) {
    drawing.text(middle.x, middle.y - 7.0, bytes, "small", "middle");
    drawing.text(middle.x, middle.y + 16.0, tensors, "faint", "middle");
  } else {
    const double lift = tensors.empty() ? -4.0 : 3.0;
    drawing.text(middle.x + 8.0, middle.y - lift, bytes, "small");
    drawing.text(middle.x + 8.0, middle.y + 13.0, tensors, "faint");
  }
}

/// Arrows that part at a box bend there and run straight to where they part to; arrows that meet
/// run straight first. So each has a straight piece of its own.
void draw_route(Drawing& drawing,
                const Sheet& sheet,
                const PipelineLayout& layout,
                const Route& route) {
  std::vector<Place> places{layout.boxes.at(route.from)};
  places.insert(places.end(), route.via.begin(), route.via.end());
  places.push_back(layout.boxes.at(route.to));
  const bool parts = !route.via.empty() || is_only_one_into(layout, route.to);
  Path path(sheet.exit(places[0]).x, sheet.exit(places[0]).y);
  const double straight = sheet.gap() - sheet.bend();
  for (std::size_t i = 1; i < places.size(); ++i) {
    const bool is_last = i + 1 == places.size();
    const Point from = sheet.exit(places[i - 1]);
    const Point entry = sheet.entry(places[i]);
    // The last piece ends where its tip begins.
    const Point to = is_last ? sheet.moved(entry, -Drawing::kTip) : entry;
    const bool bends_first = parts && i == 1;
    const Point bend_from = bends_first ? from : sheet.moved(from, straight);
    const Point bend_to = bends_first ? sheet.moved(entry, -straight) : to;
    path.line_to(bend_from.x, bend_from.y);
    path.bend_to(bend_to.x, bend_to.y, sheet.is_wide());
    const Point end = is_last ? to : sheet.exit(places[i]);
    path.line_to(end.x, end.y);
    if (i == 1) {
      draw_label(drawing, sheet, bends_first ? bend_to : from, straight, route);
    }
  }
  const Point tip = sheet.entry(places.back());
  drawing.arrow(path, tip.x, tip.y, sheet.is_wide());
}

}  // namespace

std::string draw_pipeline(const Report& report, Width width) {
  const PipelineLayout layout = lay_out(report);
  const Sheet sheet(layout, width);
  const Point size = sheet.size(layout);
  Drawing drawing(size.x, size.y, width, "The stages and what they hand over");
  for (const Route& route : layout.routes) {
    draw_route(drawing, sheet, layout, route);
  }
  draw_box(drawing, sheet.centre(layout.boxes.at("frame")), "end", "frame", "");
  for (const Stage& stage : report.stages) {
    draw_box(drawing,
             sheet.centre(layout.boxes.at(stage.name)),
             stage.kind,
             stage.name,
             stage.device + ", " + stage.precision);
  }
  draw_box(drawing, sheet.centre(layout.boxes.at("result")), "end", "results", "");
  return drawing.finish();
}

}  // namespace mtmi::report
