#include "mtmi/report/gather.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/core/json_failure.h"
#include "mtmi/error.h"

namespace mtmi::report {
namespace {

using nlohmann::json;

/// Calls `read` with the parsed text. Throws Error(InvalidModel) for what is no such file.
template <class Read>
auto parse(std::string_view text, const std::string& file, const char* what, Read read) {
  try {
    return read(json::parse(text));
  } catch (const json::exception& e) {
    throw Error(ErrorCode::InvalidModel,
                "report::gather",
                file + ": is no " + what + ": " + describe_json_failure(e, text));
  }
}

/// Unlike get<T>(), it refuses fractions, by a json::exception.
std::int64_t read_integer(const json& value) {
  return value.get_ref<const json::number_integer_t&>();
}

std::vector<Span> read_spans(const json& trace) {
  std::map<std::int64_t, std::string> devices;
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> stages;
  for (const json& event : trace.at("traceEvents")) {
    if (event.at("ph") == "M") {
      const auto process = read_integer(event.at("pid"));
      const std::string name = event.at("args").at("name");
      if (event.at("name") == "process_name") {
        devices[process] = name;
      } else {
        stages[{process, read_integer(event.at("tid"))}] = name;
      }
    }
  }
  std::vector<Span> spans;
  for (const json& event : trace.at("traceEvents")) {
    if (event.at("ph") == "X") {
      const auto process = read_integer(event.at("pid"));
      const auto start_us = event.at("ts").get<double>();
      spans.push_back(
          {.stage = stages[{process, read_integer(event.at("tid"))}],
           .device = devices[process],
           .frame = event.at("args").at("frame").get_ref<const json::number_unsigned_t&>(),
           .start_us = start_us,
           .end_us = start_us + event.at("dur").get<double>()});
    }
  }
  return spans;
}

std::vector<Distribution> read_distributions(const json& table, const std::string& head) {
  std::vector<Distribution> distributions;
  for (const auto& [name, entry] : table.at("tensors").items()) {
    auto counts = entry.value("histogram", std::vector<std::uint64_t>());
    if (!counts.empty()) {
      distributions.push_back({.head = head,
                               .tensor = name,
                               .method = entry.value("source", table.value("method", "")),
                               .absmax = entry.at("absmax").get<double>(),
                               .amax = entry.at("amax").get<double>(),
                               .scale = entry.at("scale").get<double>(),
                               .counts = std::move(counts)});
    }
  }
  return distributions;
}

/// A head's figure: mIoU in percent, AbsRel as it is.
struct Figure {
  const char* name;
  const char* key;
  double factor;
  int digits;

  [[nodiscard]] std::string text(double value) const {
    return fmt::format("{:.{}f}", factor * value, digits);
  }

  [[nodiscard]] std::string text(const json& interval) const {
    return text(interval.at(0).get<double>()) + " to " + text(interval.at(1).get<double>());
  }
};

constexpr Figure kMiou{.name = "mIoU [%]", .key = "miou", .factor = 100.0, .digits = 2};
constexpr Figure kAbsRel{.name = "AbsRel", .key = "abs_rel", .factor = 1.0, .digits = 4};

std::string budget_text(double loss, bool is_depth) {
  return is_depth ? fmt::format("{:.5f}", loss) : fmt::format("{:.3f}", 100.0 * loss);
}

std::string verdict_of(const json& loss) {
  if (!loss.at("passed").get<bool>()) {
    return "too much";
  }
  return loss.at("noise").get<bool>() ? "noise" : "within its limit";
}

std::vector<std::string> row_of(const std::string& variant, const json& head) {
  const Figure& figure = head.at("task") == "depth" ? kAbsRel : kMiou;
  std::vector<std::string> row{variant,
                               head.at("output").get<std::string>(),
                               figure.name,
                               figure.text(head.at(figure.key).get<double>()),
                               figure.text(head.at("interval"))};
  const json& loss = head.at("loss");
  if (loss.is_null()) {
    row.insert(row.end(), {"-", "-", "-", "what others are compared with"});
  } else {
    row.insert(row.end(),
               {figure.text(loss.at("value").get<double>()),
                figure.text(loss.at("interval")),
                figure.text(loss.at("limit").get<double>()),
                verdict_of(loss)});
  }
  return row;
}

/// What each tensor's INT8 costs alone, the most expensive first.
Section read_budget(const json& budget) {
  const bool is_depth = budget.at("task") == "depth";
  Section section;
  section.title = "Error budget of head " + budget.at("head").get<std::string>();
  section.text = fmt::format(
      "What each tensor costs that is in INT8 while all others are not: {}. All together cost {}.",
      is_depth ? "rise of AbsRel" : "points of mIoU",
      budget_text(budget.at("all").get<double>(), is_depth));
  for (const json& row : budget.at("rows")) {
    const auto alone = row.at("alone").get<double>();
    section.bars.push_back({.label = row.at("tensor").get<std::string>(),
                            .value = std::max(alone, 0.0),
                            .text = budget_text(alone, is_depth)});
  }
  std::stable_sort(section.bars.begin(), section.bars.end(), [](const Bar& a, const Bar& b) {
    return a.value > b.value;
  });
  return section;
}

Section read_accuracy(const json& evaluation) {
  Section section{
      .title = "Accuracy",
      .text =
          fmt::format("Against the ground truth of {} scenes. Intervals are of 95 %, by resampling "
                      "scenes; those of losses are paired. A loss that scenes drawn by chance "
                      "explain is called noise.",
                      evaluation.at("scenes").size()),
      .table = {.columns =
                    {"variant", "head", "figure", "value", "95 %", "loss", "its 95 %", "limit", ""},
                .rows = {}},
      .bars = {}};
  for (const json& variant : evaluation.at("variants")) {
    for (const json& head : variant.at("heads")) {
      section.table.rows.push_back(row_of(variant.at("name").get<std::string>(), head));
    }
  }
  return section;
}

std::vector<Section> read_evaluation(const json& evaluation) {
  std::vector<Section> sections{read_accuracy(evaluation)};
  for (const json& budget : evaluation.value("budgets", json::array())) {
    sections.push_back(read_budget(budget));
  }
  return sections;
}

std::string read_png(const std::filesystem::path& path) {
  std::string bytes(MappedFile(path).text());
  if (!bytes.starts_with("\x89PNG\r\n\x1A\n")) {
    throw Error(ErrorCode::InvalidModel, "report::gather", path.string() + ": is no PNG file");
  }
  return bytes;
}

}  // namespace

std::vector<Span> parse_timeline(std::string_view text, const std::string& file) {
  return parse(text, file, "trace of a run", read_spans);
}

double period_ms(const std::vector<Span>& timeline) {
  std::map<std::uint64_t, double> ends;
  for (const Span& span : timeline) {
    ends[span.frame] = std::max(ends[span.frame], span.end_us);
  }
  std::vector<double> periods;
  double last = -1.0;
  for (const auto& [frame, end] : ends) {
    if (last >= 0.0) {
      periods.push_back((end - last) / 1000.0);
    }
    last = end;
  }
  if (periods.empty()) {
    return 0.0;
  }
  const auto middle = periods.begin() + static_cast<std::ptrdiff_t>(periods.size() / 2);
  std::nth_element(periods.begin(), middle, periods.end());
  return *middle;
}

std::vector<Distribution> parse_distributions(std::string_view text,
                                              const std::string& head,
                                              const std::string& file) {
  return parse(text, file, "table of scales", [&](const json& table) {
    return read_distributions(table, head);
  });
}

std::vector<Section> parse_evaluation(std::string_view text, const std::string& file) {
  return parse(text, file, "result of an evaluation", read_evaluation);
}

std::vector<Picture> read_pictures(const std::filesystem::path& folder, std::size_t max_pictures) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".png") {
      paths.push_back(entry.path());
    }
  }
  if (error) {
    throw Error(ErrorCode::Io, "report::gather", folder.string() + ": " + error.message());
  }
  if (paths.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "report::gather",
                folder.string() + ": got a folder without .png files, expected pictures");
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Picture> pictures;
  for (const std::filesystem::path& path : paths) {
    if (pictures.size() == max_pictures) {
      break;
    }
    pictures.push_back({.caption = path.stem().string(), .png = read_png(path)});
  }
  return pictures;
}

}  // namespace mtmi::report
