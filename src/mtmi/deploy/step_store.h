// The steps of a deploy that are done: what they made, found again by what it was made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/core/progress.h"
#include "mtmi/deploy/step_key.h"

namespace mtmi::deploy {

/// What a step left.
struct StepResult {
  std::map<std::string, bundle::HashedFile> files;  ///< by what they are: "model", "engine"
  std::string facts = "{}";                         ///< what else there is to know, as JSON

  /// Pre: there is a file of that kind.
  [[nodiscard]] const bundle::HashedFile& file(const std::string& kind) const {
    return files.at(kind);
  }

  bool operator==(const StepResult&) const = default;
};

class StepStore;

/// Takes what a step makes. Files are on the disk when add_file() returns.
class StepWriter {
 public:
  /// A file FOLDER/NAME-HASH12SUFFIX, where HASH12 is the beginning of the step's hash; `name` may
  /// be any text. Each path once per step. Throws Error(Io).
  void add_file(const std::string& kind,
                const std::string& folder,
                const std::string& name,
                const std::string& suffix,
                std::span<const std::byte> bytes);
  void add_file(const std::string& kind,
                const std::string& folder,
                const std::string& name,
                const std::string& suffix,
                std::string_view text);

  void set_facts(std::string json) { result_.facts = std::move(json); }

  /// Tells that `done` of `total` images are through. Throws Error(Interrupted).
  void tell(std::int64_t done, std::int64_t total) const;

 private:
  friend class StepStore;

  StepWriter(const StepStore& store, const StepKey& key) : store_(store), key_(key) {}

  const StepStore& store_;
  const StepKey& key_;
  StepResult result_;
};

/// Runs steps, or finds that they are done. What a step made lies in the bundle's folder under
/// names that hold the step's hash; steps/STEP-PART-HASH12.json is its record, written last, with
/// the content hash of each file. A step whose record and files are sound is not run again; one
/// with an edited, damaged or missing file is, and the file is named. So an interrupted deploy
/// goes on where it was, and what is left of an older one is used where it still fits.
///
/// Thread-compatible.
class StepStore {
 public:
  /// `folder` is the bundle's. Pre: nobody else writes there (FolderLock).
  StepStore(std::filesystem::path folder, ProgressFunction progress);

  /// The result of the step `key`: what its record says, or what `make` makes now.
  /// Throws what `make` throws, Error(Io), Error(Interrupted).
  StepResult run(const StepKey& key, const std::function<void(StepWriter&)>& make);

  [[nodiscard]] std::filesystem::path path_of(const bundle::HashedFile& file) const {
    return folder_ / file.path;
  }

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  /// A path for what a step has to remember until it is done; not part of the bundle.
  [[nodiscard]] std::filesystem::path state_path(const StepKey& key) const;

  /// Removes what steps of an older deploy left and no step of this one used, what an interrupted
  /// one left unfinished, and state. Files that no record knows are named, and stay; so do files
  /// of an older deploy that were edited since.
  void remove_unused();

  /// Names a file that is not what it was: for the user, and for findings().
  void report(const std::string& finding);

  /// What was found wrong with files, one sentence each.
  [[nodiscard]] const std::vector<std::string>& findings() const noexcept { return findings_; }

  [[nodiscard]] int made() const noexcept { return made_; }

  [[nodiscard]] int found() const noexcept { return found_; }

 private:
  friend class StepWriter;

  [[nodiscard]] std::optional<StepResult> find(const std::string& record, const StepKey& key);
  [[nodiscard]] bool is_sound(const bundle::HashedFile& file);
  void use(const std::string& record, const StepResult& result);
  void remove_old_step(const std::string& record, const StepResult& result);

  std::filesystem::path folder_;
  ProgressFunction progress_;
  std::set<std::string> used_;  // paths below the folder
  std::vector<std::string> findings_;
  int made_ = 0;
  int found_ = 0;
};

}  // namespace mtmi::deploy
