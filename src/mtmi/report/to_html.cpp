#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "mtmi/core/format_bytes.h"
#include "mtmi/report/figures.h"
#include "mtmi/report/markup.h"
#include "mtmi/report/page_style.h"
#include "mtmi/report/report.h"

namespace mtmi::report {
namespace {

constexpr std::size_t kFramesDrawn = 10;
constexpr std::size_t kBarsShown = 12;
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

/// `losses`: drawn behind the rows; empty: none is.
std::string to_html(const Table& table, const std::vector<std::optional<Loss>>& losses = {}) {
  std::vector<std::string_view> classes;
  std::string html = "<table><thead><tr>";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    classes.emplace_back(is_figures(table, i) ? " class=\"n\"" : "");
    html += fmt::format("<th{}>{}</th>", classes[i], escape(table.columns[i]));
  }
  html += losses.empty() ? "" : "<th class=\"axis\">loss against its limit</th>";
  html += "</tr></thead><tbody>";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::vector<std::string>& row = table.rows[r];
    html += "<tr>";
    for (std::size_t i = 0; i < row.size() && i < classes.size(); ++i) {
      const bool is_long = classes[i].empty() && row[i].size() > kLongCell;
      html += is_long ? "<td class=\"long\">" + escape_breakable(row[i]) + "</td>"
                      : fmt::format("<td{}>{}</td>", classes[i], escape(row[i]));
    }
    if (r < losses.size()) {
      html += "<td class=\"axis\">" + (losses[r] ? draw_loss(*losses[r]) : "") + "</td>";
    }
    html += "</tr>";
  }
  return html + "</tbody></table>";
}

/// One bar; none for what costs nothing.
std::string to_html(const Bar& bar, double most) {
  const double percent = most > 0.0 ? std::clamp(100.0 * bar.value / most, 0.0, 100.0) : 0.0;
  return fmt::format("<span>{}</span><i style=\"width:{:.2f}%\"></i><b>{}</b>",
                     escape_breakable(bar.label),
                     percent,
                     escape(bar.text));
}

/// The longest bars; the others are unfolded.
std::string to_html(const std::vector<Bar>& bars) {
  double most = 0.0;
  for (const Bar& bar : bars) {
    most = std::max(most, bar.value);
  }
  const std::string list = "<div class=\"bars\">";
  std::string html = list;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (i == kBarsShown && bars.size() > kBarsShown + 1) {
      html += fmt::format(
          "</div><details><summary>{} more</summary>{}", bars.size() - kBarsShown, list);
    }
    html += to_html(bars[i], most);
  }
  return html + (bars.size() > kBarsShown + 1 ? "</div></details>" : "</div>");
}

std::string card(const std::string& inside, std::string_view css_class = {}) {
  return fmt::format("<div class=\"card {}\">{}</div>\n", css_class, inside);
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

/// A piece of the page under a heading of its own.
struct Chapter {
  std::string title;
  std::string html;  ///< empty: there is nothing to say
};

/// The chapters one after the other, behind links to each.
std::string to_html(const std::vector<Chapter>& chapters) {
  std::string links = "<nav>";
  std::string html;
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    if (!chapters[i].html.empty()) {
      const std::string title = escape(chapters[i].title);
      links += fmt::format("<a href=\"#c{}\">{}</a>", i, title);
      html += fmt::format("<h2 id=\"c{}\">{}</h2>", i, title) + chapters[i].html;
    }
  }
  return links + "</nav>\n" + html;
}

std::string milliseconds(double ms) {
  return ms > 0.0 ? fmt::format("{:.2f}", ms) : "-";
}

Table stage_table(const Report& report) {
  Table table{.columns = {"stage",
                          "device",
                          "precision",
                          "compiled for",
                          "predicted [ms]",
                          "measured [ms]",
                          "engine"},
              .rows = {}};
  for (const Stage& stage : report.stages) {
    table.rows.push_back({stage.name,
                          stage.device,
                          stage.precision,
                          stage.capability,
                          milliseconds(stage.predicted_ms),
                          milliseconds(stage.measured_ms),
                          format_bytes(stage.engine_bytes)});
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

std::string simulation_note(const Report& report) {
  return report.simulated.empty() ? "" : "<p>" + escape(report.simulated) + ".</p>";
}

/// What runs at the same time: streams are of stages, processors of devices.
std::string overlap_sentences(const Report& report) {
  std::set<std::string> devices;
  std::set<std::string> kinds;
  for (const Stage& stage : report.stages) {
    devices.insert(stage.device);
    kinds.insert(stage.kind);
  }
  std::string text =
      "Every stage has a stream of its own and begins as soon as what it reads is there.";
  if (kinds.contains("encoder") && kinds.contains("head")) {
    text += " While the encoder is at work on a frame, heads are at work on the frame before.";
  }
  if (devices.size() < report.stages.size()) {
    text +=
        " Stages on one device share its processors: they overlap, and each takes longer while "
        "others run.";
  }
  return text;
}

std::string pipeline_chapter(const Report& report) {
  if (report.stages.empty()) {
    return "";
  }
  return "<p>" + overlap_sentences(report) + "</p>" +
         card(draw_pipeline(report, Width::Wide) + draw_pipeline(report, Width::Narrow),
              "pipeline") +
         card(to_html(stage_table(report)) + simulation_note(report) + fallback_notes(report) +
              "<details><summary>Every tensor that is handed over</summary>" +
              to_html(hand_off_table(report)) + "</details>");
}

std::string frames_sentence(const std::vector<Span>& timeline) {
  std::set<std::uint64_t> frames;
  for (const Span& span : timeline) {
    frames.insert(span.frame);
  }
  const std::string which =
      frames.size() > kFramesDrawn
          ? fmt::format("The first {} of {} frames", kFramesDrawn, frames.size())
          : fmt::format("{} frame{}", frames.size(), frames.size() == 1 ? "" : "s");
  return which + "; the numbers are frames.";
}

std::string timeline_chapter(const Report& report) {
  if (report.timeline.empty()) {
    return "";
  }
  return "<p>" + escape(report.timeline_note) + " " + frames_sentence(report.timeline) + "</p>" +
         card(draw_timeline(report, kFramesDrawn, Width::Wide) +
              draw_timeline(report, kFramesDrawn, Width::Narrow));
}

Chapter chapter_of(const Section& section) {
  std::string html = fmt::format("<p>{}</p>", escape(section.text));
  if (!section.table.rows.empty()) {
    html += card(to_html(section.table, section.losses));
  }
  if (!section.bars.empty()) {
    html += card(to_html(section.bars));
  }
  return {.title = section.title, .html = std::move(html)};
}

std::string picture_chapter(const Report& report) {
  std::string html;
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
                  escape_breakable(distribution.tensor),
                  draw_distribution(distribution),
                  escape(distribution.method),
                  distribution.amax,
                  distribution.absmax,
                  distribution.scale));
}

/// The cards of a head's tensors that are exchanged, or of those that are not.
std::string distribution_cards(const Report& report, const std::string& head, bool exchanged) {
  std::string html;
  for (const Distribution& distribution : report.distributions) {
    if (distribution.head == head && distribution.exchanged == exchanged) {
      html += distribution_card(distribution);
    }
  }
  return html;
}

std::string distribution_chapter(const Report& report) {
  if (report.distributions.empty()) {
    return "";
  }
  std::vector<std::string> heads;
  for (const Distribution& distribution : report.distributions) {
    if (std::find(heads.begin(), heads.end(), distribution.head) == heads.end()) {
      heads.push_back(distribution.head);
    }
  }
  std::string html =
      "<p>How often |x| is how large in each tensor of the INT8 heads, over the "
      "calibration images (counts on a logarithmic scale). The dashed line is the threshold, 127 "
      "steps of the scale: what lies beyond it saturates.</p>";
  for (const std::string& head : heads) {
    html += fmt::format("<h3>Head {}</h3><div class=\"grid2\">{}</div>",
                        escape(head),
                        distribution_cards(report, head, true));
    if (const std::string inside = distribution_cards(report, head, false); !inside.empty()) {
      html +=
          "<details><summary>Inside its layers, where scales are written but nothing is "
          "rounded</summary><div class=\"grid2\">" +
          inside + "</div></details>";
    }
  }
  return html;
}

std::string file_chapter(const Report& report) {
  if (report.files.empty()) {
    return "";
  }
  Table table{.columns = {"file", "hash", "bytes"}, .rows = {}};
  for (const File& file : report.files) {
    table.rows.push_back({file.path, file.hash, std::to_string(file.bytes)});
  }
  return "<p>Every file of the bundle; opening the bundle checks the hashes.</p>" +
         card(to_html(table));
}

}  // namespace

std::string to_html(const Report& report) {
  std::vector<Chapter> chapters{{"Pipeline", pipeline_chapter(report)},
                                {"Timeline", timeline_chapter(report)}};
  std::transform(
      report.sections.begin(), report.sections.end(), std::back_inserter(chapters), chapter_of);
  chapters.push_back({"Pictures", picture_chapter(report)});
  chapters.push_back({"Scales", distribution_chapter(report)});
  chapters.push_back({"Files", file_chapter(report)});
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<title>" +
         escape(report.network) + " - mtmi</title><style>" + std::string(kStyle) +
         "</style></head><body>\n" + heading(report) + to_html(chapters) + "</body></html>\n";
}

}  // namespace mtmi::report
