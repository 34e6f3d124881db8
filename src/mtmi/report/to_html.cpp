#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"
#include "mtmi/report/page_style.h"
#include "mtmi/report/report.h"

namespace mtmi::report {
namespace {

constexpr std::size_t kFramesDrawn = 10;
constexpr std::size_t kLongCell = 28;  // characters; longer ones may be broken into lines

/// A cell that reads as a figure stands on the right.
bool is_figure(std::string_view cell) {
  return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell.front())) != 0 ||
                           ((cell.front() == '-' || cell.front() == '+') && cell.size() > 1));
}

bool is_figures(const Table& table, std::size_t column) {
  return !table.rows.empty() &&
         std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
           return column < row.size() &&
                  (is_figure(row[column]) || row[column].empty() || row[column] == "-");
         });
}

std::string to_html(const Table& table) {
  std::vector<std::string_view> classes;
  std::string html = "<table><thead><tr>";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    classes.emplace_back(is_figures(table, i) ? " class=\"n\"" : "");
    html += fmt::format("<th{}>{}</th>", classes[i], escape(table.columns[i]));
  }
  html += "</tr></thead><tbody>";
  for (const std::vector<std::string>& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size() && i < classes.size(); ++i) {
      const bool is_long = classes[i].empty() && row[i].size() > kLongCell;
      html +=
          fmt::format("<td{}>{}</td>", is_long ? " class=\"long\"" : classes[i], escape(row[i]));
    }
    html += "</tr>";
  }
  return html + "</tbody></table>";
}

std::string to_html(const std::vector<Bar>& bars) {
  double most = 0.0;
  for (const Bar& bar : bars) {
    most = std::max(most, bar.value);
  }
  std::string html = "<div class=\"bars\">";
  for (const Bar& bar : bars) {
    const double percent = most > 0.0 ? std::clamp(100.0 * bar.value / most, 0.0, 100.0) : 0.0;
    html += fmt::format("<span>{}</span><i style=\"width:{:.2f}%\"></i><b>{}</b>",
                        escape(bar.label),
                        percent,
                        escape(bar.text));
  }
  return html + "</div>";
}

std::string card(const std::string& inside) {
  return "<div class=\"card\">" + inside + "</div>\n";
}

std::string heading(const Report& report) {
  std::string html = fmt::format(
      "<h1>{}</h1><p class=\"soft\">a bundle made by mtmi {}</p>\n<div class=\"facts\">",
      escape(report.network),
      escape(report.mtmi_version));
  for (const auto& [what, how_much] : report.facts) {
    html += fmt::format(
        "<div class=\"fact\"><b>{}</b><span>{}</span></div>", escape(how_much), escape(what));
  }
  return html + "</div>\n";
}

Table stage_table(const Report& report) {
  Table table{
      .columns = {"stage", "device", "precision", "compiled for", "predicted [ms]", "engine"},
      .rows = {}};
  for (const Stage& stage : report.stages) {
    table.rows.push_back(
        {stage.name,
         stage.device,
         stage.precision,
         stage.capability,
         stage.predicted_ms > 0.0 ? fmt::format("{:.3f}", stage.predicted_ms) : "-",
         bytes_text(stage.engine_bytes)});
  }
  return table;
}

Table hand_off_table(const Report& report) {
  Table table{.columns = {"from", "to", "tensor", "format", "bytes"}, .rows = {}};
  for (const HandOff& hand_off : report.hand_offs) {
    table.rows.push_back({hand_off.from,
                          hand_off.to,
                          hand_off.tensor,
                          hand_off.format,
                          std::to_string(hand_off.bytes)});
  }
  return table;
}

std::string fallback_notes(const Report& report) {
  std::string html;
  for (const Stage& stage : report.stages) {
    if (!stage.fallback.empty()) {
      html += fmt::format("<p><b>{}</b> runs on {}: {}</p>",
                          escape(stage.name),
                          escape(stage.device),
                          escape(stage.fallback));
    }
  }
  return html;
}

std::string pipeline_section(const Report& report) {
  return "<h2>Pipeline</h2><p>The encoder works on one frame while the heads work on the frame "
         "before; stages on different devices overlap.</p>" +
         card(draw_pipeline(report) + to_html(stage_table(report)) + fallback_notes(report) +
              "<details><summary>Every tensor that is handed over</summary>" +
              to_html(hand_off_table(report)) + "</details>");
}

std::string timeline_section(const Report& report) {
  if (report.timeline.empty()) {
    return "";
  }
  return "<h2>Timeline</h2><p>" + escape(report.timeline_note) + "</p>" +
         card(draw_timeline(report, kFramesDrawn));
}

std::string sections(const Report& report) {
  std::string html;
  for (const Section& section : report.sections) {
    html += fmt::format("<h2>{}</h2><p>{}</p>", escape(section.title), escape(section.text));
    if (!section.table.rows.empty()) {
      html += card(to_html(section.table));
    }
    if (!section.bars.empty()) {
      html += card(to_html(section.bars));
    }
  }
  return html;
}

std::string picture_section(const Report& report) {
  std::string html = report.pictures.empty() ? "" : "<h2>Pictures</h2>";
  for (const Picture& picture : report.pictures) {
    html += fmt::format(
        "<figure><img alt=\"{}\" src=\"data:image/png;base64,{}\"><figcaption>{}</figcaption>"
        "</figure>\n",
        escape(picture.caption),
        base64(picture.png),
        escape(picture.caption));
  }
  return html;
}

std::string distribution_card(const Distribution& distribution) {
  return card(
      fmt::format("<code>{}</code>{}<span class=\"soft\">{}: cut at {:.6g}, largest {:.6g}, "
                  "scale {:.6g}</span>",
                  escape(distribution.tensor),
                  draw_distribution(distribution),
                  escape(distribution.method),
                  distribution.amax,
                  distribution.absmax,
                  distribution.scale));
}

std::string distribution_section(const Report& report) {
  if (report.distributions.empty()) {
    return "";
  }
  std::string html =
      "<h2>Scales</h2><p>How often |x| is how large in each tensor of the INT8 heads, over the "
      "calibration images (counts on a logarithmic scale). The dashed line is the threshold, 127 "
      "steps of the scale: what lies beyond it saturates.</p>";
  std::string head;
  for (const Distribution& distribution : report.distributions) {
    if (distribution.head != head) {
      html += head.empty() ? "" : "</div></details>";
      head = distribution.head;
      html += fmt::format("<details open><summary>head {}</summary><div class=\"grid2\">",
                          escape(head));
    }
    html += distribution_card(distribution);
  }
  return html + "</div></details>";
}

std::string file_section(const Report& report) {
  if (report.files.empty()) {
    return "";
  }
  Table table{.columns = {"file", "hash", "bytes"}, .rows = {}};
  for (const File& file : report.files) {
    table.rows.push_back({file.path, file.hash, std::to_string(file.bytes)});
  }
  return "<h2>Files</h2><p>Every file of the bundle; opening the bundle checks the hashes.</p>" +
         card(to_html(table));
}

}  // namespace

std::string to_html(const Report& report) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<title>" +
         escape(report.network) + " - mtmi</title><style>" + std::string(kStyle) +
         "</style></head><body>\n" + heading(report) + pipeline_section(report) +
         timeline_section(report) + sections(report) + picture_section(report) +
         distribution_section(report) + file_section(report) + "</body></html>\n";
}

}  // namespace mtmi::report
