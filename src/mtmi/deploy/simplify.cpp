#include "mtmi/deploy/simplify.h"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "mtmi/onnx/writer.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

StepResult simplify_model(StepStore& store, Source& source) {
  StepKey key("simplify", "", kFormat);
  key.add("network", source.hash());
  return store.run(key, [&source](StepWriter& writer) {
    const Graph whole = passes::simplify(source.graph()).graph;
    writer.add_file(
        "model", "parts", "whole", ".onnx", onnx::serialize_model(passes::expand_for_onnx(whole)));
  });
}

StepResult complete_card(StepStore& store, Source& source) {
  StepKey key("card", "", kFormat);
  key.add("network", source.hash()).add("card", source.card_hash());
  return store.run(key, [&source](StepWriter& writer) {
    const bundle::ModelCard& card = source.card();
    const bool one_image = source.graph().inputs().size() == 1 && card.inputs.size() == 1;
    writer.add_file("card", "parts", "card", ".toml", bundle::to_toml(card));
    std::map<std::string, std::string> tasks;
    for (const auto& [output, task] : card.outputs) {
      tasks.emplace(output, bundle::task_name(task));
    }
    writer.set_facts(
        nlohmann::json({{"network", card.name}, {"takes_one_image", one_image}, {"tasks", tasks}})
            .dump());
  });
}

}  // namespace

std::vector<std::string> depths_among(const std::vector<std::string>& outputs,
                                      const Simplified& simplified) {
  std::vector<std::string> depths;
  std::copy_if(outputs.begin(), outputs.end(), std::back_inserter(depths), [&](const auto& output) {
    const auto task = simplified.tasks.find(output);
    return task != simplified.tasks.end() && task->second == "depth";
  });
  return depths;
}

Simplified simplify_network(StepStore& store, Source& source) {
  const StepResult card = complete_card(store, source);
  const nlohmann::json facts = nlohmann::json::parse(card.facts);
  return {.model = simplify_model(store, source).file("model"),
          .card = card.file("card"),
          .network = facts.at("network").get<std::string>(),
          .takes_one_image = facts.at("takes_one_image").get<bool>(),
          .tasks = facts.at("tasks").get<std::map<std::string, std::string>>()};
}

}  // namespace mtmi::deploy
