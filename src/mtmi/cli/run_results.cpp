#include "mtmi/cli/run_results.h"

#include <array>

#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/error.h"

namespace mtmi::cli {
namespace {

nlohmann::json write(const HeadDump& head) {
  nlohmann::json json{{"name", head.name},
                      {"task", head.task},
                      {"suffix", head.suffix},
                      {"shape", head.shape.extents()}};
  if (!head.classes.empty()) {
    json["classes"] = nlohmann::json::array();
    for (const vision::LabelClass& c : head.classes) {
      json["classes"].push_back({{"name", c.name}, {"color", {c.color.r, c.color.g, c.color.b}}});
    }
  }
  if (head.task == "depth") {
    json["metres_scale"] = head.metres_scale;
    json["metres_offset"] = head.metres_offset;
    json["cap"] = head.cap;
  }
  return json;
}

HeadDump read(const nlohmann::json& json) {
  HeadDump head;
  head.name = json.at("name").get<std::string>();
  head.task = json.at("task").get<std::string>();
  head.suffix = json.at("suffix").get<std::string>();
  head.shape = Shape(json.at("shape").get<std::vector<std::int64_t>>());
  for (const nlohmann::json& c : json.value("classes", nlohmann::json::array())) {
    const auto rgb = c.at("color").get<std::array<std::uint8_t, 3>>();
    head.classes.push_back({.name = c.at("name").get<std::string>(),
                            .color = {.r = rgb[0], .g = rgb[1], .b = rgb[2]}});
  }
  head.metres_scale = json.value("metres_scale", head.metres_scale);
  head.metres_offset = json.value("metres_offset", head.metres_offset);
  head.cap = json.value("cap", head.cap);
  return head;
}

}  // namespace

std::string to_json(const RunResults& results) {
  nlohmann::json heads = nlohmann::json::array();
  for (const HeadDump& head : results.heads) {
    heads.push_back(write(head));
  }
  const nlohmann::json json{
      {"images", results.images}, {"image_hashes", results.hashes}, {"heads", std::move(heads)}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

RunResults read_run_results(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "run.json";
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::Io,
                "cli::read_run_results",
                folder.string() + ": no results of a run here (there is no run.json)");
  }
  try {
    const nlohmann::json json = nlohmann::json::parse(MappedFile(path).text());
    RunResults results;
    results.images = json.at("images").get<std::vector<std::string>>();
    results.hashes = json.value("image_hashes", results.hashes);
    for (const nlohmann::json& head : json.at("heads")) {
      results.heads.push_back(read(head));
    }
    return results;
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::InvalidModel,
                "cli::read_run_results",
                path.string() + ": damaged, or not written by mtmi run");
  }
}

}  // namespace mtmi::cli
