// The page that `report` and `deploy` write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "mtmi/cli/verb.h"
#include "mtmi/report/report.h"

namespace mtmi::cli {

/// What the page of a bundle is made from. Empty paths: not at all.
struct PageOptions {
  std::string bundle;
  std::string target;        ///< where the frames run; empty: the bundle's own
  std::int64_t frames = 24;  ///< to run for the timeline; 0: none
  std::string trace;         ///< a recorded timeline instead
  std::string evaluation;    ///< what `mtmi eval --json` printed
  std::string pictures;      ///< folder with PNG files
  std::size_t max_pictures = 6;
};

/// Gathers everything; runs the bundle for the timeline if it is to.
/// Throws what bundle::open_bundle() and the parsers of report/gather.h throw.
[[nodiscard]] report::Report make_report(const PageOptions& options, const CommonOptions& common);

}  // namespace mtmi::cli
