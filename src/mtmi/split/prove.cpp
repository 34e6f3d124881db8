#include "mtmi/split/prove.h"

#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/graph/random_inputs.h"

namespace mtmi::split {
namespace {

/// Runs `part` on what `values` holds and adds what it makes.
void run_part(const Graph& part, TensorMap& values, const Runner& run) {
  TensorMap inputs;
  for (const ValueId input : part.inputs()) {
    const std::string& name = part.value(input).name;
    const auto it = values.find(name);
    MTMI_ASSERT(it != values.end());  // split_graph() gives every part what it reads
    inputs.emplace(name, it->second);
  }
  for (auto& [name, tensor] : run(part, inputs)) {
    values.insert_or_assign(name, std::move(tensor));
  }
}

}  // namespace

TensorMap run_parts(const Split& split, const TensorMap& inputs, const Runner& run) {
  TensorMap values = inputs;
  run_part(split.encoder, values, run);
  for (const Head& head : split.heads) {
    run_part(head.graph, values, run);
    if (head.tail) {
      run_part(*head.tail, values, run);
    }
  }
  return values;
}

std::vector<ops::OutputAgreement> prove(const Graph& whole,
                                        const Split& split,
                                        const Runner& run,
                                        std::uint64_t seed) {
  const TensorMap inputs = random_inputs(whole, seed);
  return ops::compare_outputs(
      whole, run(whole, inputs), run_parts(split, inputs, run), [&](const Graph& graph) {
        return run(graph, inputs);
      });
}

}  // namespace mtmi::split
