#include "mtmi/eval/scale_trials.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <unordered_map>
#include <utility>

#include "mtmi/core/interrupt.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::eval {
namespace {

// Maps are kept with channels last, as the CPU computes them: nothing is turned over on the way.
const std::vector<std::int64_t> kToChannelsLast{0, 2, 3, 1};
const std::vector<std::int64_t> kToChannelsFirst{0, 3, 1, 2};

bool is_map(const Graph& graph, ValueId id) {
  return graph.type(id).shape.rank() == 4;
}

/// A map's name and type with channels last.
std::string kept_name(const std::string& name) {
  return name + "/channels_last";
}

TensorType kept_type(const TensorType& map) {
  const Shape& s = map.shape;
  return {map.dtype, Shape{s[0], s[2], s[3], s[1]}};
}

/// Lets a base give values on its way.
void give(Graph& base, const std::set<std::string>& names) {
  for (const std::string& name : names) {
    const ValueId id = *base.find_value(name);
    if (!is_map(base, id)) {
      if (!base.is_output(id)) {
        base.add_output(id);
      }
      continue;
    }
    const ValueId kept = base.add_value(kept_name(name), kept_type(base.type(id)));
    base.add_node({.name = "",
                   .op = "Transpose",
                   .inputs = {id},
                   .outputs = {kept},
                   .attributes = {{"perm", kToChannelsLast}}});
    base.add_output(kept);
  }
}

/// Lets a part read what a base gives.
void take(Graph& part, const std::vector<std::string>& names) {
  std::vector<ValueId> inputs(part.inputs().begin(), part.inputs().end());
  std::vector<NodeId> order(part.order().begin(), part.order().end());
  for (const std::string& name : names) {
    const ValueId id = *part.find_value(name);
    if (!is_map(part, id)) {
      continue;
    }
    const ValueId kept = part.add_value(kept_name(name), kept_type(part.type(id)));
    std::replace(inputs.begin(), inputs.end(), id, kept);
    part.set_inputs(inputs);
    order.insert(order.begin(),
                 part.add_node({.name = "",
                                .op = "Transpose",
                                .inputs = {kept},
                                .outputs = {id},
                                .attributes = {{"perm", kToChannelsFirst}}}));
  }
  part.set_order(std::move(order));
}

/// `head` and behind it `tail`, which reads outputs of the head. The outputs are `results`.
Graph with_tail(Graph head, const Graph& tail, const std::vector<std::string>& results) {
  std::unordered_map<ValueId, ValueId> copies{{kNoValue, kNoValue}};
  for (const ValueId input : tail.inputs()) {
    copies.emplace(input, *head.find_value(tail.value(input).name));
  }
  const auto copy = [&](ValueId id) {
    if (const auto found = copies.find(id); found != copies.end()) {
      return found->second;
    }
    const Value& value = tail.value(id);
    const ValueId made = value.constant ? head.add_constant(value.name, *value.constant)
                                        : head.add_value(value.name, tail.type(id));
    return copies.emplace(id, made).first->second;
  };
  for (const NodeId id : tail.order()) {
    Node node = tail.node(id);
    std::transform(node.inputs.begin(), node.inputs.end(), node.inputs.begin(), copy);
    std::transform(node.outputs.begin(), node.outputs.end(), node.outputs.begin(), copy);
    head.add_node(std::move(node));
  }
  std::vector<ValueId> outputs;
  for (const std::string& name : results) {
    outputs.push_back(*head.find_value(name));
  }
  head.set_outputs(std::move(outputs));
  return head;
}

}  // namespace

ScaleTrials::ScaleTrials(const Heads& heads,
                         std::size_t head,
                         const HeadBuild& build,
                         std::span<const PreparedScene> scenes,
                         const bundle::ModelCard& card,
                         std::size_t most_kept_bytes)
    : registry_(heads.registry()),
      head_(heads.heads()[head]),
      build_(build),
      scenes_(scenes),
      card_(card),
      most_kept_bytes_(most_kept_bytes) {}

Graph ScaleTrials::fake_quantized(const Scales& scales) const {
  Graph graph = fake_quantize(build_.corrected ? *build_.corrected : head_.graph, scales);
  if (head_.tail) {
    graph = with_tail(std::move(graph), *head_.tail, head_.results);
  }
  return passes::rewrite_for(std::move(graph), "cpu");
}

HeadRunner ScaleTrials::make_runner(const Graph& graph, const Scales& scales) const {
  HeadRunner runner{
      .head = std::make_shared<Session>(registry_.backend("cpu"), graph, CompileOptions{}),
      .tail = nullptr,
      .truncated_inputs = {}};
  if (build_.truncate) {
    runner.truncated_inputs = input_scales(head_.graph, scales);
  }
  return runner;
}

/// Truncated with one of the two and not, or otherwise, with the other.
std::set<std::string> ScaleTrials::inputs_that_differ(const Scales& a, const Scales& b) const {
  if (!build_.truncate) {
    return {};
  }
  const Scales of_a = input_scales(head_.graph, a);
  const Scales of_b = input_scales(head_.graph, b);
  std::vector<std::pair<std::string, float>> different;
  std::set_symmetric_difference(
      of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), std::back_inserter(different));
  std::set<std::string> names;
  for (const auto& [name, scale] : different) {
    names.insert(name);
  }
  return names;
}

std::size_t ScaleTrials::scenes_at_a_time(const Graph& base,
                                          const std::set<std::string>& kept) const {
  std::size_t bytes = 0;
  for (const std::string& name : kept) {
    const TensorType type = base.type(*base.find_value(name));
    bytes += static_cast<std::size_t>(type.shape.num_elements()) * size_of(type.dtype);
  }
  const std::size_t most = std::min(most_kept_bytes_, memory_limit() / 4);
  return std::max<std::size_t>(1, most / std::max<std::size_t>(bytes, 1));
}

ScaleTrials::Records ScaleTrials::run(const Scales& base,
                                      std::span<const Scales> choices,
                                      FunctionRef<void()> on_step) const {
  Graph base_graph = fake_quantized(base);
  std::vector<Graph> parts;
  std::set<std::string> kept;
  for (const Scales& scales : choices) {
    ChangedPart part =
        changed_part(fake_quantized(scales), base_graph, inputs_that_differ(scales, base));
    kept.insert(part.shared.begin(), part.shared.end());
    take(part.graph, part.shared);
    parts.push_back(std::move(part.graph));
  }
  const std::size_t at_a_time = scenes_at_a_time(base_graph, kept);
  give(base_graph, kept);
  const HeadRunner base_runner = make_runner(base_graph, base);
  Records records;
  records.choices.resize(choices.size());
  for (std::size_t begin = 0; begin < scenes_.size(); begin += at_a_time) {
    const auto scenes = scenes_.subspan(begin, std::min(at_a_time, scenes_.size() - begin));
    std::vector<TensorMap> values;
    for (const PreparedScene& scene : scenes) {
      values.push_back(base_runner.run(scene.values));
      add_scene(scene.scene, card_, values.back(), records.base);
      values.back().insert(scene.values.begin(), scene.values.end());
      check_interrupt();
      on_step();
    }
    for (std::size_t c = 0; c < choices.size(); ++c) {
      const HeadRunner runner = make_runner(parts[c], choices[c]);
      for (std::size_t i = 0; i < scenes.size(); ++i) {
        add_scene(scenes[i].scene, card_, runner.run(values[i]), records.choices[c]);
        check_interrupt();
        on_step();
      }
    }
  }
  return records;
}

}  // namespace mtmi::eval
