#include "mtmi/plan/plan.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/device/device.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

[[noreturn]] void refuse(ErrorCode code, const std::string& message) {
  throw Error(code, "plan::make_plan", message);
}

std::string describe(const Stage& stage) {
  return "stage '" + stage.name + "' (" + stage.use.device + ")";
}

using EdgeByName = std::map<std::string, std::size_t>;

/// Which stage makes a value, by the value's name.
std::map<std::string, std::size_t> find_makers(const std::vector<Stage>& stages) {
  std::map<std::string, std::size_t> makers;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    for (const TensorDesc& output : stages[i].outputs) {
      const auto [found, added] = makers.emplace(output.name, i);
      if (!added) {
        refuse(ErrorCode::InvalidModel,
               describe(stages[found->second]) + " and " + describe(stages[i]) + " both make '" +
                   output.name + "'");
      }
    }
  }
  return makers;
}

/// Producers first; otherwise the order in which they came.
std::vector<Stage> in_topological_order(std::vector<Stage> stages) {
  const auto makers = find_makers(stages);
  std::vector<bool> placed(stages.size(), false);
  const auto is_ready = [&](std::size_t i) {
    const std::vector<TensorDesc>& inputs = stages[i].inputs;
    return std::all_of(inputs.begin(), inputs.end(), [&](const TensorDesc& input) {
      const auto maker = makers.find(input.name);
      // A stage may pass on what it reads under the same name.
      return maker == makers.end() || maker->second == i || placed[maker->second];
    });
  };
  std::vector<std::size_t> order;
  while (order.size() < stages.size()) {
    const std::size_t before = order.size();
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (!placed[i] && is_ready(i)) {
        placed[i] = true;
        order.push_back(i);
      }
    }
    if (order.size() == before) {
      const auto waiting = std::find(placed.begin(), placed.end(), false);
      refuse(ErrorCode::InvalidModel,
             describe(stages[static_cast<std::size_t>(waiting - placed.begin())]) +
                 " needs, by way of others, what it makes itself");
    }
  }
  std::vector<Stage> sorted;
  for (const std::size_t i : order) {
    sorted.push_back(std::move(stages[i]));
  }
  return sorted;
}

void add_outputs(Plan& plan, std::size_t stage, EdgeByName& by_name) {
  const std::vector<TensorDesc>& outputs = plan.stages[stage].outputs;
  for (std::size_t port = 0; port < outputs.size(); ++port) {
    by_name[outputs[port].name] = plan.edges.size();
    plan.edges.push_back({.desc = outputs[port], .producer = stage, .port = port, .readers = {}});
  }
}

void add_inputs(Plan& plan, std::size_t stage, EdgeByName& by_name) {
  const std::vector<TensorDesc>& inputs = plan.stages[stage].inputs;
  for (std::size_t port = 0; port < inputs.size(); ++port) {
    const auto [found, is_frame_input] = by_name.emplace(inputs[port].name, plan.edges.size());
    if (is_frame_input) {
      plan.edges.push_back({.desc = inputs[port], .producer = {}, .port = 0, .readers = {}});
    }
    Edge& edge = plan.edges[found->second];
    if (const auto mismatch = hand_off_mismatch(edge.desc, inputs[port])) {
      const std::string writer =
          edge.producer ? describe(plan.stages[*edge.producer]) : "the frame";
      refuse(ErrorCode::Unsupported,
             "'" + inputs[port].name + "' cannot be handed over from " + writer + " to " +
                 describe(plan.stages[stage]) + ": " + *mismatch);
    }
    edge.readers.push_back({.stage = stage, .port = port});
  }
}

/// What a head gives: outputs that its own stages do not read are its results; those that its tail
/// reads are results before the tail.
void add_head_results(Plan& plan) {
  std::map<std::string, std::size_t> finals;
  for (std::size_t i = 0; i < plan.edges.size(); ++i) {
    const Edge& edge = plan.edges[i];
    const std::string head = edge.producer ? plan.stages[*edge.producer].head : "";
    if (head.empty()) {
      continue;
    }
    const bool before_tail =
        std::any_of(edge.readers.begin(), edge.readers.end(), [&](const Edge::Reader& reader) {
          return plan.stages[reader.stage].head == head;
        });
    plan.results.push_back(
        {.name = edge.desc.name, .head = head, .edge = i, .before_tail = before_tail});
    finals[head] += before_tail ? 0 : 1;
  }
  for (PlanResult& result : plan.results) {
    if (!result.before_tail && finals[result.head] == 1) {
      result.name = result.head;
    }
  }
}

void add_extra_results(Plan& plan,
                       const std::vector<std::string>& names,
                       const EdgeByName& by_name) {
  for (const std::string& name : names) {
    const auto found = by_name.find(name);
    if (found == by_name.end() || !plan.edges[found->second].producer) {
      refuse(ErrorCode::InvalidModel, "no stage makes the result '" + name + "'");
    }
    plan.results.push_back({.name = name, .head = "", .edge = found->second, .before_tail = false});
  }
}

std::size_t longest_path(const Plan& plan) {
  std::vector<std::size_t> depth(plan.stages.size(), 1);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    for (const std::size_t producer : producers_of(plan, i)) {
      depth[i] = std::max(depth[i], depth[producer] + 1);
    }
    longest = std::max(longest, depth[i]);
  }
  return longest;
}

}  // namespace

Plan make_plan(std::vector<Stage> stages, const std::vector<std::string>& extra_results) {
  MTMI_ASSERT(!stages.empty());
  Plan plan;
  plan.stages = in_topological_order(std::move(stages));
  EdgeByName by_name;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    add_inputs(plan, i, by_name);
    add_outputs(plan, i, by_name);
  }
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    // One place is kept for the event that guards the slot.
    if (producers_of(plan, i).size() >= Stream::kMaxWaits) {
      refuse(ErrorCode::Unsupported,
             describe(plan.stages[i]) + " reads from " +
                 std::to_string(producers_of(plan, i).size()) + " stages, expected fewer than " +
                 std::to_string(Stream::kMaxWaits));
    }
  }
  add_head_results(plan);
  add_extra_results(plan, extra_results, by_name);
  plan.longest_path = longest_path(plan);
  plan.slots = plan.longest_path + kExtraSlots;
  return plan;
}

std::vector<std::size_t> producers_of(const Plan& plan, std::size_t stage) {
  std::vector<std::size_t> producers;
  for (const Edge& edge : plan.edges) {
    const bool reads =
        std::any_of(edge.readers.begin(), edge.readers.end(), [stage](const Edge::Reader& reader) {
          return reader.stage == stage;
        });
    if (reads && edge.producer) {
      producers.push_back(*edge.producer);
    }
  }
  std::sort(producers.begin(), producers.end());
  producers.erase(std::unique(producers.begin(), producers.end()), producers.end());
  return producers;
}

std::vector<std::size_t> stages_behind(const Plan& plan, std::size_t stage) {
  std::vector<bool> behind(plan.stages.size(), false);
  behind[stage] = true;
  std::vector<std::size_t> found;
  for (std::size_t i = stage + 1; i < plan.stages.size(); ++i) {
    const std::vector<std::size_t> producers = producers_of(plan, i);
    behind[i] = std::any_of(
        producers.begin(), producers.end(), [&behind](std::size_t p) { return behind[p]; });
    if (behind[i]) {
      found.push_back(i);
    }
  }
  return found;
}

std::optional<std::size_t> before_tail_of(const Plan& plan, std::size_t result) {
  const Edge& made = plan.edges[plan.results[result].edge];
  if (!made.producer) {
    return std::nullopt;
  }
  std::map<std::size_t, std::size_t> read;  // results by the port of the tail that reads them
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    for (const Edge::Reader& reader : plan.edges[plan.results[i].edge].readers) {
      if (plan.results[i].before_tail && reader.stage == *made.producer) {
        read.emplace(reader.port, i);
      }
    }
  }
  if (read.size() == 1) {
    return read.begin()->second;
  }
  if (read.empty() || read.size() != plan.stages[*made.producer].outputs.size()) {
    return std::nullopt;
  }
  return std::next(read.begin(), static_cast<std::ptrdiff_t>(made.port))->second;
}

std::vector<std::size_t> frame_inputs(const Plan& plan) {
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; i < plan.edges.size(); ++i) {
    if (!plan.edges[i].producer) {
      inputs.push_back(i);
    }
  }
  return inputs;
}

std::string to_string(const Plan& plan) {
  std::string text;
  for (const Stage& stage : plan.stages) {
    text += stage.name + ": " + stage.use.engine + " on " + stage.use.device;
    text += stage.every > 1 ? ", every " + std::to_string(stage.every) + " frames" : "";
    text += stage.timeout_ms ? ", time limit " + std::to_string(*stage.timeout_ms) + " ms" : "";
    text += stage.stand_by ? ", stand-by on " + stage.stand_by->device : "";
    text += "\n";
  }
  for (const Edge& edge : plan.edges) {
    text += "  " + to_string(edge.desc) + ", " + std::to_string(size_bytes_of(edge.desc)) +
            " bytes: " + (edge.producer ? plan.stages[*edge.producer].name : "frame") + " ->";
    for (const Edge::Reader& reader : edge.readers) {
      text += " " + plan.stages[reader.stage].name;
    }
    for (const PlanResult& result : plan.results) {
      const bool is_this = &plan.edges[result.edge] == &edge;
      text += is_this ? " result " + result.name + (result.before_tail ? " (before its tail)" : "")
                      : "";
    }
    text += "\n";
  }
  return text + std::to_string(plan.slots) + " frame slots\n";
}

}  // namespace mtmi
