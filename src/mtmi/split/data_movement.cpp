#include "mtmi/split/data_movement.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mtmi::split {
namespace {

constexpr std::array<std::string_view, 17> kDataMovers{"Cast",
                                                       "Concat",
                                                       "DepthToSpace",
                                                       "Expand",
                                                       "Flatten",
                                                       "Gather",
                                                       "Identity",
                                                       "Pad",
                                                       "Reshape",
                                                       "Resize",
                                                       "Slice",
                                                       "SpaceToDepth",
                                                       "Split",
                                                       "Squeeze",
                                                       "Tile",
                                                       "Transpose",
                                                       "Unsqueeze"};

}  // namespace

bool only_moves_data(const Node& node) {
  return std::find(kDataMovers.begin(), kDataMovers.end(), node.op) != kDataMovers.end();
}

}  // namespace mtmi::split
