#include "mtmi/split/prove.h"

#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/random_tensor.h"

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

std::vector<OutputProof> prove(const Graph& whole,
                               const Split& split,
                               const Runner& run,
                               std::uint64_t seed) {
  TensorMap inputs;
  for (const ValueId input : whole.inputs()) {
    const TensorType type = whole.type(input);
    inputs.emplace(whole.value(input).name, random_tensor(type.dtype, type.shape, seed++));
  }
  const TensorMap expected = run(whole, inputs);
  const TensorMap got = run_parts(split, inputs, run);
  std::vector<OutputProof> proofs;
  for (const ValueId output : whole.outputs()) {
    const std::string& name = whole.value(output).name;
    proofs.push_back({.output = name,
                      .dtype = expected.at(name).dtype(),
                      .agreement = compare(expected.at(name), got.at(name))});
  }
  return proofs;
}

}  // namespace mtmi::split
