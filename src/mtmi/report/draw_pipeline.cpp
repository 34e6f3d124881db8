#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"

namespace mtmi::report {
namespace {

constexpr double kBoxWidth = 170.0;
constexpr double kBoxHeight = 62.0;
constexpr double kColumn = 300.0;  // from one column of boxes to the next
constexpr double kRow = 104.0;
constexpr double kMargin = 14.0;

struct Box {
  std::size_t column = 0;
  double x = 0.0;
  double y = 0.0;
};

using Boxes = std::map<std::string, Box>;

/// A column for every stage: one more than that of the last it reads from. Stages stand in the
/// order in which they run.
Boxes columns_of(const Report& report) {
  Boxes boxes;
  boxes["frame"].column = 0;
  std::size_t last = 0;
  for (const Stage& stage : report.stages) {
    std::size_t column = 1;
    for (const HandOff& hand_off : report.hand_offs) {
      const auto from = boxes.find(hand_off.from);
      if (hand_off.to == stage.name && from != boxes.end()) {
        column = std::max(column, from->second.column + 1);
      }
    }
    boxes[stage.name].column = column;
    last = std::max(last, column);
  }
  boxes["result"].column = last + 1;
  return boxes;
}

/// Places the boxes; the height of the drawing.
double place(Boxes& boxes, const Report& report) {
  std::map<std::size_t, std::vector<std::string>> columns;
  columns[0].push_back("frame");
  for (const Stage& stage : report.stages) {
    columns[boxes[stage.name].column].push_back(stage.name);
  }
  columns[boxes["result"].column].push_back("result");
  std::size_t rows = 1;
  for (const auto& [column, names] : columns) {
    rows = std::max(rows, names.size());
  }
  for (const auto& [column, names] : columns) {
    // A column with fewer boxes spreads them over the same height.
    const double step = kRow * static_cast<double>(rows) / static_cast<double>(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      Box& box = boxes[names[i]];
      box.x = kMargin + kColumn * static_cast<double>(column);
      box.y = kMargin + step * (static_cast<double>(i) + 0.5) - kBoxHeight / 2.0;
    }
  }
  return kRow * static_cast<double>(rows) + 2.0 * kMargin;
}

void draw_stage(Drawing& drawing, const Box& box, const Stage& stage) {
  drawing.rectangle(box.x, box.y, kBoxWidth, kBoxHeight, "box " + stage.kind);
  const double centre = box.x + kBoxWidth / 2.0;
  drawing.text(centre, box.y + 25.0, shorten_front(stage.name, 20), "strong", "middle");
  drawing.text(centre, box.y + 46.0, stage.device + ", " + stage.precision, "small", "middle");
}

void draw_end(Drawing& drawing, const Box& box, const std::string& name) {
  drawing.rectangle(box.x, box.y, kBoxWidth, kBoxHeight, "box end");
  drawing.text(box.x + kBoxWidth / 2.0, box.y + 36.0, name, "strong", "middle");
}

/// All tensors that go from one stage to another, as one arrow.
struct Edge {
  std::size_t tensors = 0;
  std::size_t bytes = 0;
};

std::map<std::pair<std::string, std::string>, Edge> edges_of(const Report& report) {
  std::map<std::pair<std::string, std::string>, Edge> edges;
  for (const HandOff& hand_off : report.hand_offs) {
    Edge& edge = edges[{hand_off.from, hand_off.to}];
    ++edge.tensors;
    edge.bytes += hand_off.bytes;
  }
  return edges;
}

}  // namespace

std::string draw_pipeline(const Report& report) {
  Boxes boxes = columns_of(report);
  const double height = place(boxes, report);
  const double width =
      kColumn * static_cast<double>(boxes["result"].column) + kBoxWidth + 2.0 * kMargin;
  Drawing drawing(width, height, "The stages and what they hand over");
  for (const auto& [ends, edge] : edges_of(report)) {
    const auto from = boxes.find(ends.first);
    const auto to = boxes.find(ends.second);
    if (from == boxes.end() || to == boxes.end()) {
      continue;
    }
    const double x1 = from->second.x + kBoxWidth;
    const double y1 = from->second.y + kBoxHeight / 2.0;
    const double x2 = to->second.x;
    const double y2 = to->second.y + kBoxHeight / 2.0;
    drawing.arrow(x1, y1, x2, y2);
    // Where arrows meet, labels stand at their free ends.
    const bool at_start = ends.second == "result";
    const double gap = (kColumn - kBoxWidth) / 2.0;
    const double label_x = at_start ? x1 + gap : x2 - gap;
    const double label_y = at_start ? y1 : y2;
    drawing.text(label_x, label_y - 14.0, bytes_text(edge.bytes), "small", "middle");
    if (edge.tensors > 1) {
      drawing.text(
          label_x, label_y + 22.0, fmt::format("{} tensors", edge.tensors), "faint", "middle");
    }
  }
  draw_end(drawing, boxes["frame"], "frame");
  for (const Stage& stage : report.stages) {
    draw_stage(drawing, boxes[stage.name], stage);
  }
  draw_end(drawing, boxes["result"], "results");
  return drawing.finish();
}

}  // namespace mtmi::report
