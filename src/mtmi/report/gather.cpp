#include "mtmi/report/gather.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/core/json_failure.h"
#include "mtmi/core/statistics.h"
#include "mtmi/error.h"

namespace mtmi::report {
namespace {

using nlohmann::json;

constexpr const char* kHost = "host";  // the process of a trace in which frames are filled

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

/// A head's figure: mIoU in percent, AbsRel as it is. The digits are those of `mtmi eval`.
struct Figure {
  const char* name;
  const char* change;
  const char* better;
  const char* key;
  double factor;
  double sign;  // of a change that is a loss
  int digits;

  [[nodiscard]] std::string text(double value) const {
    return fmt::format("{:.{}f}", factor * value, digits);
  }

  [[nodiscard]] std::string interval_text(const json& interval) const {
    return text(interval.at(0).get<double>()) + " to " + text(interval.at(1).get<double>());
  }

  /// "-0.06 (-0.32 to +0.13)": a fall of a score is a loss.
  [[nodiscard]] std::string change_text(const Loss& loss) const {
    const auto signed_text = [this](double lost) {
      return fmt::format("{:+.{}f}", sign * factor * lost, digits);
    };
    return fmt::format("{} ({} to {})",
                       signed_text(loss.value),
                       signed_text(sign > 0.0 ? loss.low : loss.high),
                       signed_text(sign > 0.0 ? loss.high : loss.low));
  }
};

constexpr Figure kMiou{.name = "mIoU [%]",
                       .change = "change [points] (95 %)",
                       .better = "more is better",
                       .key = "miou",
                       .factor = 100.0,
                       .sign = -1.0,
                       .digits = 2};
constexpr Figure kAbsRel{.name = "AbsRel",
                         .change = "change (95 %)",
                         .better = "less is better",
                         .key = "abs_rel",
                         .factor = 1.0,
                         .sign = 1.0,
                         .digits = 4};

std::string budget_text(double loss, bool is_depth) {
  const std::string text =
      is_depth ? fmt::format("{:.5f}", loss) : fmt::format("{:.3f}", 100.0 * loss);
  // What rounds to nothing has no sign.
  return text.find_first_not_of("-0.") == std::string::npos && text[0] == '-' ? text.substr(1)
                                                                              : text;
}

std::string answer_of(const json& loss) {
  if (!loss.at("passed").get<bool>()) {
    return "over the limit";
  }
  return loss.at("noise").get<bool>() ? "noise" : "within the limit";
}

Loss read_loss(const json& loss) {
  return {.value = loss.at("value").get<double>(),
          .low = loss.at("interval").at(0).get<double>(),
          .high = loss.at("interval").at(1).get<double>(),
          .limit = loss.at("limit").get<double>(),
          .passed = loss.at("passed").get<bool>()};
}

/// What one head is worth in every variant.
class HeadSection {
 public:
  explicit HeadSection(const json& head) : figure_(head.at("task") == "depth" ? kAbsRel : kMiou) {
    section_.title = "Accuracy of " + head.at("output").get<std::string>();
    section_.table.columns = {"variant", figure_.name, figure_.change, ""};
  }

  void add(const std::string& variant, const json& head) {
    const std::string value = figure_.text(head.at(figure_.key).get<double>());
    std::vector<std::string> row{variant, value};
    const json& loss = head.at("loss");
    if (loss.is_null()) {
      baseline_ = fmt::format(" Changes are against {}, which has {} ({}).",
                              variant,
                              value,
                              figure_.interval_text(head.at("interval")));
      row.insert(row.end(), {"-", ""});
      section_.losses.emplace_back();
    } else {
      const Loss read = read_loss(loss);
      row.insert(row.end(), {figure_.change_text(read), answer_of(loss)});
      section_.losses.emplace_back(read);
      limit_ = " The limit of what may be lost is " + figure_.text(read.limit) + ".";
    }
    section_.table.rows.push_back(std::move(row));
  }

  [[nodiscard]] Section finish(std::size_t scenes) && {
    section_.text = fmt::format(
        "{} against the ground truth of {} scenes; {}.{} Intervals are of 95 %, by resampling "
        "scenes; those of changes are paired. A change that scenes drawn by chance explain is "
        "called noise.{}",
        figure_.name,
        scenes,
        figure_.better,
        baseline_,
        limit_);
    return std::move(section_);
  }

 private:
  const Figure& figure_;
  Section section_;
  std::string baseline_;
  std::string limit_;
};

/// What each tensor's INT8 costs alone, the most expensive first.
Section read_budget(const json& budget) {
  const bool is_depth = budget.at("task") == "depth";
  Section section;
  section.title = "Error budget of head " + budget.at("head").get<std::string>();
  section.text = fmt::format(
      "What each tensor costs that is in INT8 while all others are not: {}. All together cost {}.",
      is_depth ? "rise of AbsRel" : "points of mIoU",
      budget_text(budget.at("all").get<double>(), is_depth));
  std::vector<std::pair<double, std::string>> costs;
  for (const json& row : budget.at("rows")) {
    costs.emplace_back(row.at("alone").get<double>(), row.at("tensor").get<std::string>());
  }
  std::stable_sort(
      costs.begin(), costs.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [alone, tensor] : costs) {
    section.bars.push_back(
        {.label = tensor, .value = std::max(alone, 0.0), .text = budget_text(alone, is_depth)});
  }
  return section;
}

/// A section for every head, in the order in which the variants name them.
std::vector<Section> read_accuracy(const json& evaluation) {
  std::vector<std::string> outputs;
  std::map<std::string, HeadSection> heads;
  for (const json& variant : evaluation.at("variants")) {
    for (const json& head : variant.at("heads")) {
      const std::string output = head.at("output");
      const auto [at, is_new] = heads.try_emplace(output, head);
      if (is_new) {
        outputs.push_back(output);
      }
      at->second.add(variant.at("name").get<std::string>(), head);
    }
  }
  std::vector<Section> sections;
  for (const std::string& output : outputs) {
    sections.push_back(std::move(heads.at(output)).finish(evaluation.at("scenes").size()));
  }
  return sections;
}

std::vector<Section> read_evaluation(const json& evaluation) {
  std::vector<Section> sections = read_accuracy(evaluation);
  for (const json& budget : evaluation.value("budgets", json::array())) {
    sections.push_back(read_budget(budget));
  }
  return sections;
}

/// Median time that `stage` worked on a frame; 0 where it never did.
double stage_ms(const std::vector<Span>& timeline, const std::string& stage) {
  std::vector<double> times;
  for (const Span& span : timeline) {
    if (span.stage == stage) {
      times.push_back((span.end_us - span.start_us) / 1000.0);
    }
  }
  return times.empty() ? 0.0 : summarize(times).median;
}

/// Between the ends of consecutive frames; as results come in order, none is before the last.
std::vector<double> periods_ms(const std::vector<Span>& timeline) {
  std::map<std::uint64_t, double> ends;
  for (const Span& span : timeline) {
    ends[span.frame] = std::max(ends[span.frame], span.end_us);
  }
  std::vector<double> periods;
  double last_us = ends.empty() ? 0.0 : ends.begin()->second;
  for (auto end = ends.begin(); end != ends.end(); ++end) {
    if (end != ends.begin()) {
      periods.push_back(std::max(end->second - last_us, 0.0) / 1000.0);
    }
    last_us = std::max(last_us, end->second);
  }
  return periods;
}

std::string read_png(const std::filesystem::path& path) {
  std::string bytes(MappedFile(path).text());
  if (!bytes.starts_with("\x89PNG\r\n\x1A\n")) {
    throw Error(ErrorCode::InvalidModel, "report::gather", path.string() + ": is no PNG file");
  }
  return bytes;
}

/// Empty: the same, or nothing is said.
std::string hash_mismatch(const bundle::Manifest& manifest, const json& said_by) {
  const std::string hash = said_by.value("network_hash", manifest.source_hash);
  return hash == manifest.source_hash
             ? ""
             : fmt::format("is of another network: got the hash {}, expected the bundle's, {}",
                           hash,
                           manifest.source_hash);
}

std::string find_trace_mismatch(const bundle::Manifest& manifest, const json& trace) {
  if (std::string other = hash_mismatch(manifest, trace.value("otherData", json::object()));
      !other.empty()) {
    return other;
  }
  for (const Span& span : read_spans(trace)) {
    const bool known = span.device == kHost ||
                       std::any_of(manifest.parts.begin(),
                                   manifest.parts.end(),
                                   [&](const auto& part) { return part.name == span.stage; });
    if (!known) {
      return "is of another network: the bundle has no stage '" + span.stage + "'";
    }
  }
  return "";
}

std::string find_evaluation_mismatch(const bundle::Manifest& manifest, const json& evaluation) {
  if (std::string other = hash_mismatch(manifest, evaluation); !other.empty()) {
    return other;
  }
  std::set<std::string> outputs;
  for (const bundle::Part& part : manifest.parts) {
    for (const TensorDesc& desc : part.outputs) {
      outputs.insert(desc.name);
    }
  }
  for (const json& variant : evaluation.at("variants")) {
    for (const json& head : variant.at("heads")) {
      const std::string output = head.at("output");
      if (!outputs.contains(output)) {
        return "is of another network: the bundle has no output '" + output + "'";
      }
    }
  }
  return "";
}

}  // namespace

std::string trace_mismatch(const bundle::Manifest& manifest,
                           std::string_view text,
                           const std::string& file) {
  return parse(text, file, "trace of a run", [&](const json& trace) {
    return find_trace_mismatch(manifest, trace);
  });
}

std::string evaluation_mismatch(const bundle::Manifest& manifest,
                                std::string_view text,
                                const std::string& file) {
  return parse(text, file, "result of an evaluation", [&](const json& evaluation) {
    return find_evaluation_mismatch(manifest, evaluation);
  });
}

std::vector<Span> parse_timeline(std::string_view text, const std::string& file) {
  return parse(text, file, "trace of a run", read_spans);
}

double period_ms(const std::vector<Span>& timeline) {
  const std::vector<double> periods = periods_ms(timeline);
  return periods.empty() ? 0.0 : summarize(periods).median;
}

double frames_per_second(const std::vector<Span>& timeline) {
  const std::vector<double> periods = periods_ms(timeline);
  const double total_ms = std::accumulate(periods.begin(), periods.end(), 0.0);
  return total_ms > 0.0 ? 1000.0 * static_cast<double>(periods.size()) / total_ms : 0.0;
}

void add_timeline(Report& report, std::vector<Span> timeline, std::string note) {
  for (Stage& stage : report.stages) {
    stage.measured_ms = stage_ms(timeline, stage.name);
  }
  if (const double rate = frames_per_second(timeline); rate > 0.0) {
    report.facts.insert(report.facts.begin(),
                        {{"median period", fmt::format("{:.2f} ms", period_ms(timeline))},
                         {"frames a second", fmt::format("{:.1f}", rate)}});
  }
  report.timeline = std::move(timeline);
  report.timeline_note = std::move(note);
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

void add_evaluation(Report& report, std::string_view text, const std::string& file) {
  std::vector<Section> sections = parse_evaluation(text, file);
  report.sections.insert(report.sections.begin(),
                         std::make_move_iterator(sections.begin()),
                         std::make_move_iterator(sections.end()));
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
