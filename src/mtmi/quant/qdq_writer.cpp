#include "mtmi/quant/qdq_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mtmi/dla/precision_plan.h"
#include "mtmi/quant/grid_weights.h"

namespace mtmi::quant {
namespace {

/// QuantizeLinear takes other types only where the scale is of that type, too.
std::map<std::string, float> scales_of_float32(const Graph& graph,
                                               const std::map<std::string, float>& scales) {
  std::map<std::string, float> result;
  for (const auto& [name, scale] : scales) {
    const auto id = graph.find_value(name);
    if (id && graph.type(*id).dtype == DType::Float32) {
      result.emplace(name, scale);
    }
  }
  return result;
}

class QdqWriter {
 public:
  QdqWriter(Graph graph, const std::map<std::string, float>& scales)
      : graph_(std::move(graph)), plan_(graph_, scales_of_float32(graph_, scales)) {}

  [[nodiscard]] Graph write() && {
    const std::vector<ValueId> exchanged = find_exchanged();
    zero_point_ = graph_.add_constant("zero_point", Tensor::from<std::int8_t>(Shape{}, {0}));
    for (const dla::PlannedLayer& planned : plan_.layers()) {
      if (planned.precision == dla::Precision::Int8) {
        quantize_weights(planned.layer.nodes.front());
        quantize_operands(planned.layer);
      }
    }
    for (const ValueId id : exchanged) {
      quantize(id);
    }
    graph_.sort();
    return std::move(graph_);
  }

 private:
  /// What INT8 layers read and make, in the order of the layers.
  [[nodiscard]] std::vector<ValueId> find_exchanged() const {
    std::vector<ValueId> exchanged;
    std::unordered_set<ValueId> seen;
    const auto add = [&](const std::vector<ValueId>& values) {
      std::copy_if(values.begin(), values.end(), std::back_inserter(exchanged), [&](ValueId id) {
        return plan_.is_int8(id) && seen.insert(id).second;
      });
    };
    for (const dla::PlannedLayer& planned : plan_.layers()) {
      if (planned.precision == dla::Precision::Int8) {
        add(planned.layer.inputs);
        add(planned.layer.outputs);
      }
    }
    return exchanged;
  }

  /// Adds a pair behind `id`; returns what it gives. Who read `id` still does.
  ValueId add_pair(ValueId id, Tensor scale, ValueId zero_point, const Attributes& attributes) {
    const std::string name = graph_.value(id).name;
    const TensorType type = graph_.type(id);
    const ValueId scale_id = graph_.add_constant(name + "/scale", std::move(scale));
    const ValueId integers = graph_.add_value(name + "/quantize", {DType::Int8, type.shape});
    const ValueId result = graph_.add_value(name + "/dequantize", type);
    graph_.add_node({.name = name + "/quantize",
                     .op = "QuantizeLinear",
                     .inputs = {id, scale_id, zero_point},
                     .outputs = {integers},
                     .attributes = attributes});
    graph_.add_node({.name = name + "/dequantize",
                     .op = "DequantizeLinear",
                     .inputs = {integers, scale_id, zero_point},
                     .outputs = {result},
                     .attributes = attributes});
    return result;
  }

  void quantize(ValueId id) {
    const std::vector<NodeId> users(graph_.users(id).begin(), graph_.users(id).end());
    const Tensor scale = Tensor::from<float>(Shape{}, {plan_.scale(id)});
    const bool is_result = graph_.is_output(id) && !graph_.is_input(id);
    const std::string name = graph_.value(id).name;
    const ValueId result = add_pair(id, scale, zero_point_, {});
    for (const NodeId user : users) {
      replace_input(user, id, result);
    }
    if (is_result) {
      std::vector<ValueId> outputs(graph_.outputs().begin(), graph_.outputs().end());
      std::replace(outputs.begin(), outputs.end(), id, result);
      graph_.set_outputs(std::move(outputs));
      graph_.rename_value(id, graph_.unique_name(name + "/float"));
      graph_.rename_value(result, name);
    }
  }

  void quantize_weights(NodeId id) {
    const std::vector<ValueId> inputs = graph_.node(id).inputs;
    if (!plan_.is_int8(inputs.front())) {
      return;  // a sum or product with its constant in front
    }
    const auto grid = grid_weights(graph_, id, plan_.scale(inputs.front()));
    if (!grid) {
      return;
    }
    // Another layer may read the same constant from integers of another scale.
    const ValueId weights =
        graph_.add_constant(graph_.value(inputs[1]).name + "/grid", grid->weights);
    const ValueId zero_points = graph_.add_constant(graph_.value(weights).name + "/zero_point",
                                                    Tensor(DType::Int8, grid->scales.shape()));
    const Attributes attributes{{"axis", std::int64_t{grid->axis}}};
    graph_.set_input(id, 1, add_pair(weights, grid->scales, zero_points, attributes));
    if (grid->bias) {
      const std::string name = graph_.value(inputs[2]).name + "/grid";
      graph_.set_input(id, 2, graph_.add_constant(name, *grid->bias));
    }
  }

  /// Constants that are added to a tensor, or chosen from beside it.
  void quantize_operands(const dla::FusedLayer& layer) {
    const NodeId id = layer.nodes.front();
    const std::string op = graph_.node(id).op;
    const std::vector<ValueId> inputs = graph_.node(id).inputs;
    const bool shifts = (op == "Add" || op == "Sub") && layer.inputs.size() == 1;
    if (!shifts && op != "Max" && op != "Min") {
      return;
    }
    float scale = 0;
    for (const ValueId input : layer.inputs) {
      scale = std::max(scale, plan_.scale(input));
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::optional<Tensor> constant = graph_.value(inputs[i]).constant;
      if (constant && constant->dtype() == DType::Float32 && constant->num_elements() > 0) {
        Tensor grid = shifts ? grid_shift(*constant, scale) : grid_choice(*constant, scale);
        const std::string name = graph_.value(inputs[i]).name + "/grid";
        graph_.set_input(id, i, graph_.add_constant(name, std::move(grid)));
      }
    }
  }

  /// Lets one reader of `from` read `to`.
  void replace_input(NodeId user, ValueId from, ValueId to) {
    const std::vector<ValueId> inputs = graph_.node(user).inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i] == from) {
        graph_.set_input(user, i, to);
      }
    }
  }

  Graph graph_;
  dla::PrecisionPlan plan_;
  ValueId zero_point_ = kNoValue;
};

}  // namespace

Graph insert_qdq(Graph graph, const std::map<std::string, float>& scales) {
  return QdqWriter(std::move(graph), scales).write();
}

}  // namespace mtmi::quant
