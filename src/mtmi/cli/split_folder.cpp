#include "mtmi/cli/split_folder.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/core/json_failure.h"
#include "mtmi/error.h"

namespace mtmi::cli {
namespace {

constexpr const char* kWhere = "cli::read_split_folder";

/// A file of the folder itself: a name that leads elsewhere was not written by `split`.
std::filesystem::path file_in(const std::filesystem::path& folder, const std::string& name) {
  if (name != file_name_of(name)) {
    throw Error(ErrorCode::InvalidModel, kWhere, "the part's file '" + name + "' is no plain name");
  }
  return folder / name;
}

SplitFolder parse(const std::filesystem::path& folder, std::string_view text) {
  const nlohmann::json document = nlohmann::json::parse(text);
  SplitFolder split;
  split.features = document.at("features").get<std::vector<std::string>>();
  for (const nlohmann::json& part : document.at("parts")) {
    const auto kind = part.at("kind").get<std::string>();
    const std::filesystem::path file = file_in(folder, part.at("file").get<std::string>());
    if (kind == "encoder") {
      split.encoder = file;
    } else if (kind == "head") {
      split.heads.insert_or_assign(part.at("name").get<std::string>(), file);
      for (const nlohmann::json& input : part.at("inputs")) {
        const auto name = input.at("name").get<std::string>();
        if (std::find(split.features.begin(), split.features.end(), name) == split.features.end()) {
          split.features.push_back(name);
        }
      }
    }
  }
  if (split.encoder.empty() || split.heads.empty()) {
    throw Error(ErrorCode::InvalidModel, kWhere, "there is no encoder, or no head");
  }
  return split;
}

}  // namespace

SplitFolder read_split_folder(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "split.json";
  if (std::error_code ignored; !std::filesystem::exists(path, ignored)) {
    const bool is_file = std::filesystem::is_regular_file(folder, ignored);
    throw Error(ErrorCode::Io,
                kWhere,
                folder.string() + (is_file ? ": is a file" : ": there is no split.json") +
                    ", expected the folder that `mtmi split` has written");
  }
  const MappedFile file(path);
  try {
    return parse(folder, file.text());
  } catch (const nlohmann::json::exception& e) {
    throw Error(ErrorCode::InvalidModel,
                kWhere,
                path.string() +
                    ": not as `mtmi split` writes it: " + describe_json_failure(e, file.text()));
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

const std::filesystem::path& find_head(const SplitFolder& split, const std::string& name) {
  const auto it = split.heads.find(name);
  if (it == split.heads.end()) {
    std::string names;
    for (const auto& [head, file] : split.heads) {
      names += (names.empty() ? "" : ", ") + head;
    }
    throw Error(ErrorCode::InvalidArgument,
                "cli::find_head",
                "there is no head '" + name + "': the heads are " + names);
  }
  return it->second;
}

}  // namespace mtmi::cli
