// Where the boxes and arrows of the pipeline's drawing stand, in units of boxes. Private to
// report/.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "mtmi/report/report.h"

namespace mtmi::report {

/// A place in the drawing: layers follow each other from the frame to the results; ranks stand
/// beside each other in a layer, a box taking 1, the middle of the layer at 0.
struct Place {
  std::size_t layer = 0;
  double rank = 0.0;
};

/// All tensors that go from one box to another: one arrow.
struct Route {
  std::string from;
  std::string to;
  std::size_t tensors = 0;
  std::size_t bytes = 0;
  std::vector<Place> via;  ///< its places in the layers between, each kept free for it
};

struct PipelineLayout {
  std::map<std::string, Place> boxes;  ///< of "frame", every stage and "result"
  std::vector<Route> routes;
  std::size_t layers = 0;
  double ranks = 0.0;  ///< what the widest layer takes
};

/// A stage stands one layer behind the last of those that it reads from. Within a layer, boxes and
/// arrows that pass stand in the order of where they come from, so that few arrows cross.
/// Pre: stages stand in the order in which they run.
[[nodiscard]] PipelineLayout lay_out(const Report& report);

}  // namespace mtmi::report
