// Writes what `mtmi run -o DIR` leaves: one file per image and head, and run.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/cli/run_results.h"
#include "mtmi/core/folder_lock.h"
#include "mtmi/pipeline.h"

namespace mtmi::cli {

/// The scores [classes,H,W] as int8: as they are, or in amax/127 of the tensor where they are
/// floats.
[[nodiscard]] std::vector<std::int8_t> quantize_scores(const Tensor& scores);

/// One thread.
class DumpWriter {
 public:
  /// Creates `folder`, and holds it until it is done. Throws Error(Io), also where another process
  /// holds it: two at a time would leave the results of both.
  DumpWriter(const Bundle& bundle, std::filesystem::path folder);

  /// `image` is the name that the dumps get in front of their suffixes, `file` the image itself,
  /// which is remembered by its hash. Heads that did not run for this frame are left out.
  /// Throws Error(Io).
  void write(const Result& result, const std::string& image, const std::filesystem::path& file);
  /// run.json: makes the folder one that `mtmi visualize` takes.
  void finish();

 private:
  struct HeadWriter {
    HeadInfo info;
    HeadDump dump;
    bool is_described = false;
  };

  void write_head(HeadWriter& head, const Result& result, const std::string& image) const;
  static void write_depth(HeadWriter& head,
                          const Result& result,
                          const std::filesystem::path& path);

  std::filesystem::path folder_;
  std::optional<FolderLock> lock_;
  std::vector<HeadWriter> heads_;
  RunResults results_;
};

/// A name per file: its stem, made safe; a later one of the same name gets "-2" and a note.
[[nodiscard]] std::vector<std::string> dump_names(const std::vector<std::filesystem::path>& files);

}  // namespace mtmi::cli
