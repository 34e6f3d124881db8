#include "mtmi/passes/specialize.h"

#include <algorithm>
#include <utility>

#include "mtmi/error.h"
#include "mtmi/passes/fold_constants.h"

namespace mtmi::passes {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "passes::specialize", message);
}

/// "[batch,3,?,?]"
std::string dims_of(const Value& value) {
  if (value.shape) {
    return to_string(*value.shape);
  }
  std::string dims;
  for (const std::string& dim : value.dim_names) {
    dims += (dims.empty() ? "" : ",") + dim;
  }
  return "[" + (value.dim_names.empty() ? std::string("unknown rank") : dims) + "]";
}

/// Whether `shape` agrees with every extent that `value` fixes, and gives one symbol one extent.
bool fits(const Value& value, const Shape& shape) {
  if (value.shape) {
    return *value.shape == shape;
  }
  if (value.dim_names.empty()) {
    return true;
  }
  if (value.dim_names.size() != shape.extents().size()) {
    return false;
  }
  return std::equal(value.dim_names.begin(),
                    value.dim_names.end(),
                    shape.extents().begin(),
                    [](const std::string& dim, std::int64_t extent) {
                      const bool is_number =
                          !dim.empty() && std::all_of(dim.begin(), dim.end(), [](char c) {
                            return c >= '0' && c <= '9';
                          });
                      return !is_number || dim == std::to_string(extent);
                    });
}

void require_names_of_inputs(const Graph& graph, const InputShapes& shapes) {
  for (const auto& [name, shape] : shapes) {
    const auto id = graph.find_value(name);
    if (!id || !graph.is_input(*id)) {
      std::string names;
      for (const ValueId input : graph.inputs()) {
        names += (names.empty() ? "'" : ", '") + graph.value(input).name + "'";
      }
      refuse("the model has no input '" + name + "'; it has " + (names.empty() ? "none" : names));
    }
  }
}

void set_input_shape(Graph& graph, ValueId input, const InputShapes& shapes) {
  const Value& value = graph.value(input);
  const auto given = shapes.find(value.name);
  if (given == shapes.end()) {
    if (!value.shape) {
      refuse("input '" + value.name + "' has the dynamic shape " + dims_of(value) +
             "; give its sizes with --input " + value.name +
             "=DIMS (--shape where --input takes tensors)");
    }
    return;
  }
  if (!fits(value, given->second)) {
    refuse("input '" + value.name + "': got the shape " + to_string(given->second) + ", expected " +
           dims_of(value));
  }
  graph.set_type(input, {*value.dtype, given->second});
}

}  // namespace

Graph specialize(Graph graph, const InputShapes& shapes) {
  require_names_of_inputs(graph, shapes);
  const std::vector<ValueId> inputs(graph.inputs().begin(), graph.inputs().end());
  for (const ValueId input : inputs) {
    set_input_shape(graph, input, shapes);
  }
  graph.forget_types();
  return fold_constants(std::move(graph));
}

Graph specialize(Graph graph, const InputShapes& shapes, const std::filesystem::path& file) {
  try {
    return specialize(std::move(graph), shapes);
  } catch (const Error& e) {
    throw e.with_context(file.string());
  }
}

}  // namespace mtmi::passes
