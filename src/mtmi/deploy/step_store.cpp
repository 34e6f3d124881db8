#include "mtmi/deploy/step_store.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashDigits = 12;
constexpr const char* kStateFolder = "state";
constexpr const char* kStateSuffix = ".partial";
/// Of a bundle: those that hold nothing but what steps made.
constexpr std::array<std::string_view, 4> kFolders{"parts", "engines", "scales", "steps"};

/// "build-seg-0123456789ab"
std::string stem_of(const StepKey& key) {
  const std::string part = key.part().empty() ? "" : "-" + file_name_of(key.part());
  return key.step() + part + "-" + key.hash().substr(0, kHashDigits);
}

std::string record_of(const StepKey& key) {
  return "steps/" + stem_of(key) + ".json";
}

nlohmann::json to_json(const StepKey& key, const StepResult& result) {
  nlohmann::json made_from = nlohmann::json::array();
  for (const auto& [name, value] : key.made_from()) {
    made_from.push_back({name, value});
  }
  nlohmann::json files = nlohmann::json::object();
  for (const auto& [kind, file] : result.files) {
    files[kind] = {{"path", file.path}, {"hash", file.hash}};
  }
  return {{"step", key.step()},
          {"part", key.part()},
          {"key", key.hash()},
          {"made_from", std::move(made_from)},
          {"files", std::move(files)},
          {"facts", nlohmann::json::parse(result.facts)}};
}

std::string dump(const nlohmann::json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string hash_of(const nlohmann::json& json) {
  const std::string text = dump(json);
  return hash_hex(std::as_bytes(std::span(text)));
}

/// A record as it lies in the folder.
struct Record {
  std::string key;
  StepResult result;
};

/// Nothing if the file is not what a step has written.
std::optional<Record> read_record(const fs::path& path) {
  try {
    const nlohmann::json document = nlohmann::json::parse(MappedFile(path).text());
    const nlohmann::json& json = document.at("record");
    if (document.at("hash").get<std::string>() != hash_of(json)) {
      return std::nullopt;
    }
    Record record;
    record.key = json.at("key").get<std::string>();
    record.result.facts = json.at("facts").dump();
    for (const auto& [kind, file] : json.at("files").items()) {
      bundle::HashedFile hashed{.path = file.at("path").get<std::string>(),
                                .hash = file.at("hash").get<std::string>()};
      if (!bundle::stays_inside(hashed.path)) {
        return std::nullopt;
      }
      record.result.files.emplace(kind, std::move(hashed));
    }
    return record;
  } catch (const std::exception&) {  // of the parser, or of the file
    return std::nullopt;
  }
}

bool has_hash(const fs::path& path, const std::string& hash) {
  return fs::is_regular_file(path) && hash_hex(MappedFile(path).bytes()) == hash;
}

/// The files directly in `folder`, sorted; none where there is no such folder.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void remove_file(const fs::path& path) {
  std::error_code ignored;  // what cannot be removed does no harm
  fs::remove(path, ignored);
}

}  // namespace

void StepWriter::add_file(const std::string& kind,
                          const std::string& folder,
                          const std::string& name,
                          const std::string& suffix,
                          std::span<const std::byte> bytes) {
  bundle::HashedFile file{
      .path = folder + "/" + file_name_of(name) + "-" + key_.hash().substr(0, kHashDigits) + suffix,
      .hash = hash_hex(bytes)};
  store_.progress_({.step = key_.step(), .part = key_.part()});
  write_file(store_.folder_ / file.path, bytes);
  const bool is_new = result_.files.emplace(kind, std::move(file)).second;
  MTMI_ASSERT(is_new);
}

void StepWriter::add_file(const std::string& kind,
                          const std::string& folder,
                          const std::string& name,
                          const std::string& suffix,
                          std::string_view text) {
  add_file(kind, folder, name, suffix, std::as_bytes(std::span(text)));
}

void StepWriter::tell(std::int64_t done, std::int64_t total) const {
  check_interrupt();
  store_.progress_({.step = key_.step(), .part = key_.part(), .done = done, .total = total});
}

StepStore::StepStore(fs::path folder, ProgressFunction progress)
    : folder_(std::move(folder)), progress_(std::move(progress)) {}

StepResult StepStore::run(const StepKey& key, const std::function<void(StepWriter&)>& make) {
  const std::string record = record_of(key);
  if (std::optional<StepResult> done = find(record, key)) {
    ++found_;
    use(record, *done);
    return *std::move(done);
  }
  check_interrupt();
  progress_({.step = key.step(), .part = key.part()});
  StepWriter writer(*this, key);
  make(writer);
  const nlohmann::json json = to_json(key, writer.result_);
  progress_({.step = key.step(), .part = key.part()});
  write_file(folder_ / record, dump({{"record", json}, {"hash", hash_of(json)}}) + "\n");
  ++made_;
  // Read back, so that a step that was run and one that was found give the same.
  StepResult result = std::move(writer.result_);
  result.facts = json.at("facts").dump();
  use(record, result);
  return result;
}

std::optional<StepResult> StepStore::find(const std::string& record, const StepKey& key) {
  if (!fs::is_regular_file(folder_ / record)) {
    return std::nullopt;
  }
  std::optional<Record> read = read_record(folder_ / record);
  if (!read || read->key != key.hash()) {
    report((folder_ / record).string() + ": edited or damaged; the step is done again");
    return std::nullopt;
  }
  bool sound = true;
  for (const auto& [kind, file] : read->result.files) {
    sound = is_sound(file) && sound;  // all that are damaged are named
  }
  return sound ? std::optional(std::move(read->result)) : std::nullopt;
}

bool StepStore::is_sound(const bundle::HashedFile& file) {
  const fs::path path = path_of(file);
  if (has_hash(path, file.hash)) {
    return true;
  }
  report(path.string() +
         (fs::exists(path) ? ": edited or damaged; made again" : ": missing; made again"));
  return false;
}

void StepStore::use(const std::string& record, const StepResult& result) {
  used_.insert(record);
  for (const auto& [kind, file] : result.files) {
    used_.insert(file.path);
  }
}

void StepStore::report(const std::string& finding) {
  log_warning(finding);
  findings_.push_back(finding);
}

fs::path StepStore::state_path(const StepKey& key) const {
  return folder_ / kStateFolder / (stem_of(key) + kStateSuffix);
}

void StepStore::remove_unused() {
  for (const fs::path& path : files_in(folder_ / "steps")) {
    const std::string record = "steps/" + path.filename().string();
    const std::optional<Record> read = used_.contains(record) ? std::nullopt : read_record(path);
    if (read) {
      remove_old_step(record, read->result);
    }
  }
  for (const fs::path& path : files_in(folder_ / kStateFolder)) {
    if (path.extension() == kStateSuffix) {
      remove_file(path);
    }
  }
  std::vector<fs::path> rest = files_in(folder_);
  for (const std::string_view folder : kFolders) {
    const std::vector<fs::path> files = files_in(folder_ / folder);
    rest.insert(rest.end(), files.begin(), files.end());
  }
  for (const fs::path& path : rest) {
    if (name_of_unfinished(path.filename().string())) {
      remove_file(path);
    } else if (path.parent_path() != folder_ &&
               !used_.contains(path.lexically_relative(folder_).string())) {
      report(path.string() + ": not made by this deploy; left as it is");
    }
  }
}

void StepStore::remove_old_step(const std::string& record, const StepResult& result) {
  for (const auto& [kind, file] : result.files) {
    if (!used_.contains(file.path) && has_hash(path_of(file), file.hash)) {
      remove_file(path_of(file));
    }
  }
  remove_file(folder_ / record);
}

}  // namespace mtmi::deploy
