#include "mtmi/deploy/check.h"

#include <cstddef>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/deploy/build.h"
#include "mtmi/deploy/rewrite.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

std::string describe(const Support& no, const std::string& node, int others) {
  return fmt::format("{}: {} ({}){}{}{}",
                     node,
                     no.reason(),
                     no.rule(),
                     no.suggestion().empty() ? "" : "; ",
                     no.suggestion(),
                     others == 0 ? "" : fmt::format("; {} more nodes are refused", others));
}

}  // namespace

std::string find_refusal(StepStore& store, const Registry& registry, const Part& part) {
  const Backend& backend = registry.backend(backend_of(part));
  const Capability capability = best_capability(backend, part);
  StepKey key("check", part.name, kFormat);
  key.add("model", part.model.hash);
  key.add("backend", backend_of(part)).add("capability", capability.name);
  key.add("precision", std::string(to_string(*part.target.precision)));
  const StepResult result = store.run(key, [&](StepWriter& writer) {
    const Graph graph = load_part(store.path_of(part.model), backend_of(part));
    CompileOptions options;
    options.precision = *part.target.precision;
    const std::vector<Support> answers = backend.support(graph, capability, options);
    int refused = 0;
    std::size_t first = 0;
    for (std::size_t i = answers.size(); i > 0; --i) {
      if (!answers[i - 1]) {
        ++refused;
        first = i - 1;
      }
    }
    const std::string refusal =
        refused == 0
            ? ""
            : describe(answers[first], describe_node(graph, graph.order()[first]), refused - 1);
    writer.set_facts(nlohmann::json({{"refusal", refusal}}).dump());
  });
  return nlohmann::json::parse(result.facts).at("refusal").get<std::string>();
}

}  // namespace mtmi::deploy
