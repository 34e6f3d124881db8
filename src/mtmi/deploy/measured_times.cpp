#include "mtmi/deploy/measured_times.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/core/log.h"

namespace mtmi::deploy {

MeasuredTimes::MeasuredTimes(std::filesystem::path file) : file_(std::move(file)) {
  if (!std::filesystem::is_regular_file(file_)) {
    return;
  }
  try {
    remembered_ = nlohmann::json::parse(MappedFile(file_).text()).get<decltype(remembered_)>();
  } catch (const std::exception&) {  // of the parser, or of the file
    log_verbose(file_.string() + ": damaged; measured times are forgotten");
  }
}

void MeasuredTimes::update(const std::string& part,
                           const std::string& engine_hash,
                           const std::map<std::string, double>& measured_ms) {
  const auto measured = measured_ms.find(part);
  const auto remembered = remembered_.find(engine_hash);
  if (measured == measured_ms.end() && remembered == remembered_.end()) {
    return;
  }
  const double ms = measured != measured_ms.end() ? measured->second : remembered->second;
  in_use_.insert_or_assign(engine_hash, ms);
  by_part_.insert_or_assign(part, ms);
}

void MeasuredTimes::save() const {
  if (in_use_ != remembered_) {
    write_file(file_, nlohmann::json(in_use_).dump(1) + "\n");
  }
}

}  // namespace mtmi::deploy
