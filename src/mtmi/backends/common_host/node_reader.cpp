#include "mtmi/backends/common_host/node_reader.h"

#include <string>

#include "mtmi/error.h"

namespace mtmi::host {

void NodeReader::require(bool holds, std::string_view what) const {
  if (!holds) {
    throw Error(ErrorCode::InvalidModel,
                "host::make_step",
                describe_node(graph_, id_) + ": " + std::string(what) + "; build the engine again");
  }
}

ValueId NodeReader::input(std::size_t index) const {
  return index < node().inputs.size() ? node().inputs[index] : kNoValue;
}

ValueId NodeReader::output() const {
  require(node().outputs.size() == 1 && node().outputs[0] != kNoValue, "it has not one output");
  return node().outputs[0];
}

DType NodeReader::dtype(ValueId id) const {
  require(id != kNoValue, "an input is left out");
  return graph_.type(id).dtype;
}

Shape NodeReader::shape(ValueId id) const {
  require(id != kNoValue, "an input is left out");
  return graph_.type(id).shape;
}

const Tensor& NodeReader::constant(std::size_t index) const {
  require(input(index) != kNoValue && graph_.is_constant(input(index)), "an input is no constant");
  return *graph_.value(input(index)).constant;
}

std::array<std::int64_t, 2> NodeReader::pair(std::string_view attribute) const {
  const auto values = attributes().get_ints(attribute);
  require(values.size() == 2, "an attribute has not two entries");
  for (const std::int64_t value : values) {
    require(value >= 0 && value < kMost, "an attribute is out of range");
  }
  return {values[0], values[1]};
}

}  // namespace mtmi::host
