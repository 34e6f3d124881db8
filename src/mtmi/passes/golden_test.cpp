// Every case of golden/*.golden, and every pass over every graph in them.
#include "mtmi/passes/golden.h"

#include <algorithm>
#include <cctype>

#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/operator.h"
#include "mtmi/passes/equal_outputs.h"
#include "mtmi/passes/pipeline.h"

namespace mtmi::passes {

// Names the case where googletest prints the parameter.
void PrintTo(const GoldenCase& golden, std::ostream* out) {
  *out << golden.pass << ": " << golden.title;
}

namespace {

Graph parse_typed(const std::string& text) {
  Graph graph = parse_text(text);
  ops::infer_types(graph);
  return graph;
}

std::string full_text(const Graph& graph) {
  return to_text(graph, {.max_constant_elements = -1, .node_names = false});
}

class Golden : public testing::TestWithParam<GoldenCase> {};

TEST_P(Golden, BecomesWhatIsWritten) {
  const GoldenCase& golden = GetParam();
  const Pass* pass = find_pass(golden.pass);
  ASSERT_NE(pass, nullptr) << "there is no pass '" << golden.pass << "'";
  const Graph result = pass->run(parse_typed(golden.before));
  EXPECT_EQ(full_text(result), full_text(parse_typed(golden.after)));
}

TEST_P(Golden, ASecondRunChangesNothing) {
  const Pass* pass = find_pass(GetParam().pass);
  ASSERT_NE(pass, nullptr);
  Graph once = pass->run(parse_typed(GetParam().before));
  const std::uint64_t revision = once.revision();
  const std::string text = full_text(once);
  const Graph twice = pass->run(std::move(once));
  EXPECT_EQ(twice.revision(), revision);
  EXPECT_EQ(full_text(twice), text);
}

TEST_P(Golden, EveryPassKeepsTheOutputs) {
  const Graph before = parse_typed(GetParam().before);
  const TensorMap inputs = random_inputs(before, 1);
  const TensorMap expected = interpret(before, inputs);
  for (const Pass& pass : all_passes()) {
    SCOPED_TRACE(pass.name);
    if (!pass.is_exact) {
      continue;
    }
    const Graph after = pass.run(before);
    EXPECT_EQ(find_defect(after), std::nullopt);
    EXPECT_TRUE(after.is_static());
    expect_equal_outputs(expected, interpret(after, inputs));
  }
}

TEST_P(Golden, ThePipelineKeepsTheOutputs) {
  const Graph before = parse_typed(GetParam().before);
  const TensorMap inputs = random_inputs(before, 1);
  const PipelineResult after = run_pipeline(before, simplify_passes());
  EXPECT_LT(after.rounds, kMaxRounds);
  expect_equal_outputs(interpret(before, inputs), interpret(after.graph, inputs));
}

std::string test_name(const testing::TestParamInfo<GoldenCase>& info) {
  std::string name = info.param.pass + "_" + info.param.title;
  std::replace_if(
      name.begin(),
      name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; },
      '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Passes,
                         Golden,
                         testing::ValuesIn(read_golden_files(MTMI_GOLDEN_FOLDER)),
                         test_name);

}  // namespace
}  // namespace mtmi::passes
