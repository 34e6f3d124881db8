#include "mtmi/split/data_movement.h"

#include "mtmi/ops/data_movement.h"

namespace mtmi::split {

bool only_moves_data(const Node& node) {
  const ops::Movement movement = ops::movement_of(node.op);
  return movement == ops::Movement::View || movement == ops::Movement::Move || node.op == "Cast" ||
         node.op == "Resize";
}

}  // namespace mtmi::split
