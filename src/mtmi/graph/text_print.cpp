#include <algorithm>
#include <utility>

#include "mtmi/graph/text.h"
#include "mtmi/graph/text_literal.h"

namespace mtmi {
namespace {

using text::name_literal;
using text::quoted;

/// Constants of more equal elements than this print as splat(x).
constexpr std::int64_t kShortList = 4;

class Printer {
 public:
  Printer(const Graph& graph, const TextOptions& options) : graph_(graph), options_(options) {}

  std::string print_graph() {
    out_ = "graph";
    if (!graph_.name.empty()) {
      out_ += ' ' + quoted(graph_.name);
    }
    out_ += " {\n";
    for (const ValueId id : graph_.inputs()) {
      print_input(id);
    }
    for (const ValueId id : graph_.values()) {
      if (graph_.is_constant(id)) {
        print_constant(id);
      }
    }
    for (const NodeId id : graph_.order()) {
      out_ += "  ";
      print_node(graph_.node(id));
      out_ += '\n';
    }
    for (const ValueId id : graph_.outputs()) {
      out_ += "  output " + value_name(id) + '\n';
    }
    out_ += "}\n";
    return std::move(out_);
  }

  std::string print_attributes_alone(const Attributes& attributes) {
    print_attributes(attributes);
    return std::move(out_);
  }

  std::string print_one(NodeId id) {
    print_node(graph_.node(id));
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string value_name(ValueId id) const {
    return id == kNoValue ? "_" : '%' + name_literal(graph_.value(id).name);
  }

  void print_input(ValueId id) {
    const Value& value = graph_.value(id);
    out_ += "  input " + value_name(id) + ": ";
    out_ += value.dtype ? to_string(*value.dtype) : "?";
    if (value.shape) {
      out_ += to_string(*value.shape);
    } else if (value.dim_names.empty()) {
      out_ += "[*]";
    } else {
      out_ += '[';
      for (std::size_t i = 0; i < value.dim_names.size(); ++i) {
        const std::string& dim = value.dim_names[i];
        out_ += (i > 0 ? "," : "") + (dim == "?" ? dim : name_literal(dim));
      }
      out_ += ']';
    }
    out_ += '\n';
  }

  void print_constant(ValueId id) {
    const Tensor& tensor = *graph_.value(id).constant;
    out_ += "  const " + value_name(id) + ": " + to_string(graph_.type(id)) + " = ";
    print_tensor(tensor);
    out_ += '\n';
  }

  void print_tensor(const Tensor& tensor) {
    if (is_splat(tensor)) {
      out_ += "splat(" + text::element_literal(tensor, 0) + ')';
    } else if (options_.max_constant_elements >= 0 &&
               tensor.num_elements() > options_.max_constant_elements) {
      out_ += "...";
    } else {
      print_elements(tensor);
    }
  }

  static bool is_splat(const Tensor& tensor) {
    const auto bytes = tensor.bytes();
    const std::size_t size = size_of(tensor.dtype());
    return tensor.num_elements() > kShortList &&
           std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(size),
                      bytes.end(),
                      bytes.begin(),
                      bytes.end() - static_cast<std::ptrdiff_t>(size));
  }

  void print_elements(const Tensor& tensor) {
    out_ += '[';
    for (std::int64_t i = 0; i < tensor.num_elements(); ++i) {
      out_ += (i > 0 ? ", " : "") + text::element_literal(tensor, i);
    }
    out_ += ']';
  }

  void print_node(const Node& node) {
    print_results(node);
    // Quoted, an operator without results cannot be taken for 'input', 'const' or 'output'.
    out_ += (node.outputs.empty() ? quoted(node.op) : name_literal(node.op)) + '(';
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      out_ += (i > 0 ? ", " : "") + value_name(node.inputs[i]);
    }
    out_ += ')';
    print_attributes(node.attributes);
    if (options_.node_names && !node.name.empty()) {
      out_ += ' ' + quoted(node.name);
    }
  }

  void print_results(const Node& node) {
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const ValueId id = node.outputs[i];
      out_ += (i > 0 ? ", " : "") + value_name(id);
      if (options_.types && id != kNoValue && graph_.value(id).dtype && graph_.value(id).shape) {
        out_ += ": " + to_string(graph_.type(id));
      }
    }
    out_ += node.outputs.empty() ? "" : " = ";
  }

  void print_attributes(const Attributes& attributes) {
    if (attributes.entries().empty()) {
      return;
    }
    const char* separator = " {";
    for (const auto& [name, attribute] : attributes.entries()) {
      out_ += separator + name_literal(name) + " = ";
      std::visit([this](const auto& value) { print_attribute(value); }, attribute);
      separator = ", ";
    }
    out_ += '}';
  }

  void print_attribute(std::int64_t value) { out_ += std::to_string(value); }

  void print_attribute(float value) { out_ += text::float_literal(value); }

  void print_attribute(const std::string& value) { out_ += quoted(value); }

  void print_attribute(const Tensor& value) {
    out_ += "tensor " + to_string(TensorType{value.dtype(), value.shape()}) + ' ';
    print_tensor(value);
  }

  template <class T>
  void print_attribute(const std::vector<T>& values) {
    if (values.empty()) {
      out_ += std::is_same_v<T, std::int64_t> ? "ints "
              : std::is_same_v<T, float>      ? "floats "
                                              : "strings ";
    }
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      out_ += i > 0 ? ", " : "";
      print_attribute(values[i]);
    }
    out_ += ']';
  }

  const Graph& graph_;
  const TextOptions& options_;
  std::string out_;
};

}  // namespace

std::string to_text(const Graph& graph, const TextOptions& options) {
  return Printer(graph, options).print_graph();
}

std::string to_text(const Graph& graph, NodeId id, const TextOptions& options) {
  return Printer(graph, options).print_one(id);
}

std::string to_text(const Attributes& attributes) {
  static const Graph no_graph;
  static constexpr TextOptions kInFull{.max_constant_elements = -1};
  return Printer(no_graph, kInFull).print_attributes_alone(attributes);
}

}  // namespace mtmi
