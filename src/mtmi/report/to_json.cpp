#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "mtmi/report/report.h"

namespace mtmi::report {
namespace {

using nlohmann::json;

json to_json(const Stage& stage) {
  return {{"name", stage.name},
          {"kind", stage.kind},
          {"device", stage.device},
          {"capability", stage.capability},
          {"precision", stage.precision},
          {"engine_bytes", stage.engine_bytes},
          {"predicted_ms", stage.predicted_ms},
          {"measured_ms", stage.measured_ms},
          {"fallback", stage.fallback}};
}

json to_json(const HandOff& hand_off) {
  return {{"from", hand_off.from},
          {"to", hand_off.to},
          {"tensor", hand_off.tensor},
          {"format", hand_off.format},
          {"bytes", hand_off.bytes}};
}

json to_json(const Span& span) {
  return {{"stage", span.stage},
          {"device", span.device},
          {"frame", span.frame},
          {"start_us", span.start_us},
          {"end_us", span.end_us}};
}

json to_json(const Bar& bar) {
  return {{"label", bar.label}, {"value", bar.value}, {"text", bar.text}};
}

json to_json(const std::optional<Loss>& loss) {
  return loss ? json{{"value", loss->value},
                     {"interval", {loss->low, loss->high}},
                     {"limit", loss->limit},
                     {"passed", loss->passed}}
              : json();
}

json to_json(const Distribution& distribution) {
  return {{"head", distribution.head},
          {"tensor", distribution.tensor},
          {"method", distribution.method},
          {"absmax", distribution.absmax},
          {"amax", distribution.amax},
          {"scale", distribution.scale},
          {"exchanged", distribution.exchanged},
          {"counts", distribution.counts}};
}

json to_json(const File& file) {
  return {{"path", file.path}, {"hash", file.hash}, {"bytes", file.bytes}};
}

json to_json(const Picture& picture) {
  return {{"caption", picture.caption}, {"bytes", picture.png.size()}};
}

json to_json(const Section& section);

template <class T>
json list_of(const std::vector<T>& values) {
  json list = json::array();
  for (const T& value : values) {
    list.push_back(to_json(value));
  }
  return list;
}

json to_json(const Section& section) {
  return {{"title", section.title},
          {"text", section.text},
          {"columns", section.table.columns},
          {"rows", section.table.rows},
          {"losses", list_of(section.losses)},
          {"bars", list_of(section.bars)}};
}

}  // namespace

std::string to_json(const Report& report) {
  json facts = json::array();
  for (const auto& [what, how_much] : report.facts) {
    facts.push_back({{"what", what}, {"how_much", how_much}});
  }
  const json document{{"network", report.network},
                      {"mtmi", report.mtmi_version},
                      {"facts", facts},
                      {"stages", list_of(report.stages)},
                      {"simulated", report.simulated},
                      {"hand_offs", list_of(report.hand_offs)},
                      {"timeline", list_of(report.timeline)},
                      {"sections", list_of(report.sections)},
                      {"pictures", list_of(report.pictures)},
                      {"distributions", list_of(report.distributions)},
                      {"files", list_of(report.files)}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mtmi::report
