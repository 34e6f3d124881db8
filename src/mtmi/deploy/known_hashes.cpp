#include "mtmi/deploy/known_hashes.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/log.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

// File systems stamp with the tick of the kernel's clock, 1 to 10 ms.
constexpr std::int64_t kSettledNs = 100'000'000;

std::int64_t to_ns(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

KnownHashes::KnownHashes(std::filesystem::path file) : file_(std::move(file)) {
  if (!std::filesystem::is_regular_file(file_)) {
    return;
  }
  try {
    text_ = MappedFile(file_).text();
    const nlohmann::json document = nlohmann::json::parse(text_);
    for (const auto& [path, entry] : document.items()) {
      known_.emplace(path,
                     Known{.stamp = {.size = entry.at("size").get<std::uint64_t>(),
                                     .modified_ns = entry.at("modified_ns").get<std::int64_t>(),
                                     .changed_ns = entry.at("changed_ns").get<std::int64_t>(),
                                     .inode = entry.at("inode").get<std::uint64_t>()},
                           .hash = entry.at("hash").get<std::string>()});
    }
  } catch (const std::exception&) {  // of the parser, or of the file
    log_verbose(file_.string() + ": damaged; all inputs are hashed again");
    known_.clear();
  }
}

KnownHashes::Stamp KnownHashes::stamp_of(const std::filesystem::path& path) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    throw Error(ErrorCode::Io,
                "deploy::KnownHashes",
                path.string() + ": cannot open: " + std::generic_category().message(errno));
  }
  return {.size = static_cast<std::uint64_t>(status.st_size),
          .modified_ns = to_ns(status.st_mtim),
          .changed_ns = to_ns(status.st_ctim),
          .inode = status.st_ino};
}

std::string KnownHashes::of(const std::filesystem::path& path) {
  const std::string key = std::filesystem::absolute(path).string();
  const Stamp stamp = stamp_of(path);  // before the file is read: a later change shows
  const auto known = known_.find(key);
  if (known != known_.end() && known->second.stamp == stamp) {
    in_use_.insert_or_assign(key, known->second);
    return known->second.hash;
  }
  std::string hash = hash_hex(MappedFile(path).bytes());
  if (stamp.changed_ns + kSettledNs < now_ns()) {
    known_.insert_or_assign(key, Known{.stamp = stamp, .hash = hash});
    in_use_.insert_or_assign(key, Known{.stamp = stamp, .hash = hash});
  }
  return hash;
}

void KnownHashes::forget() {
  known_.clear();
}

void KnownHashes::save() const {
  nlohmann::json document = nlohmann::json::object();
  for (const auto& [path, known] : in_use_) {
    document[path] = {{"size", known.stamp.size},
                      {"modified_ns", known.stamp.modified_ns},
                      {"changed_ns", known.stamp.changed_ns},
                      {"inode", known.stamp.inode},
                      {"hash", known.hash}};
  }
  const std::string text =
      document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (text != text_) {
    write_file(file_, text);
  }
}

}  // namespace mtmi::deploy
