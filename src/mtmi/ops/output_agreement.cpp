#include "mtmi/ops/output_agreement.h"

#include <utility>

#include "mtmi/ops/data_movement.h"

namespace mtmi::ops {
namespace {

/// Whether the operator keeps all elements where they are; a Cast between integers keeps labels.
bool keeps_labels(const Graph& graph, const Node& node) {
  const DType dtype = graph.type(node.outputs.front()).dtype;
  const bool keeps_elements = movement_of(node.op) == Movement::View || node.op == "Cast";
  return keeps_elements && !is_floating_point(dtype) && dtype != DType::Bool;
}

bool chooses_labels(const Node& node) {
  return node.op == "ArgMax" || node.op == "ArgMin";
}

}  // namespace

std::optional<LabelSource> find_label_source(const Graph& graph, ValueId output) {
  ValueId at = output;
  for (auto producer = graph.producer(at); producer; producer = graph.producer(at)) {
    const Node& node = graph.node(*producer);
    const ValueId input = node.inputs.front();
    if (chooses_labels(node)) {
      const int rank = graph.type(input).shape.rank();
      const auto axis = static_cast<int>(node.attributes.get_int("axis", 0));
      return LabelSource{.scores = input, .axis = axis < 0 ? axis + rank : axis};
    }
    if (!keeps_labels(graph, node)) {
      break;
    }
    at = input;
  }
  return std::nullopt;
}

LabelScores run_label_scores(const Graph& graph,
                             const LabelSource& source,
                             const ReferenceRunner& run) {
  const Value& scores = graph.value(source.scores);
  if (scores.constant) {
    return {.tensor = *scores.constant, .axis = source.axis};
  }
  Graph cut = graph;
  cut.set_outputs({source.scores});
  cut.remove_dead_nodes();
  return {.tensor = run(cut).at(scores.name), .axis = source.axis};
}

std::vector<OutputAgreement> compare_outputs(const Graph& reference,
                                             const TensorMap& expected,
                                             const TensorMap& got,
                                             const ReferenceRunner& run) {
  std::vector<OutputAgreement> results;
  for (const ValueId id : reference.outputs()) {
    const std::string& name = reference.value(id).name;
    const Tensor& tensor = expected.at(name);
    OutputAgreement result{
        .output = name, .dtype = tensor.dtype(), .agreement = compare(tensor, got.at(name))};
    const auto source = find_label_source(reference, id);
    if (source && !result.agreement.bit_equal) {
      result.agreement =
          compare_labels(tensor, got.at(name), run_label_scores(reference, *source, run));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace mtmi::ops
