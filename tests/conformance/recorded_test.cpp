// Runs the cases of tests/data/recorded: models that carry their inputs as initializers and the
// outputs of ONNX Runtime as the initializers "expected/NAME".
#include <algorithm>
#include <filesystem>

#include "closeness.h"
#include <gtest/gtest.h>

#include "mtmi/interp/interpreter.h"
#include "mtmi/onnx/reader.h"

namespace mtmi::conformance {
namespace {

std::vector<std::filesystem::path> recorded_cases() {
  std::vector<std::filesystem::path> cases;
  for (const auto& entry : std::filesystem::directory_iterator(MTMI_RECORDED_CASES)) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

class Recorded : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Recorded, GivesWhatOnnxRuntimeGave) {
  const Graph graph = onnx::read_model(GetParam()).graph;
  const TensorMap outputs = interpret(graph, {});
  ASSERT_FALSE(outputs.empty());
  for (const auto& [name, got] : outputs) {
    const auto expected = graph.find_value("expected/" + name);
    ASSERT_TRUE(expected.has_value()) << name;
    EXPECT_EQ(describe_difference(*graph.value(*expected).constant, got), "") << name;
  }
}

INSTANTIATE_TEST_SUITE_P(, Recorded, testing::ValuesIn(recorded_cases()), [](const auto& test) {
  return test.param.stem().string();
});

}  // namespace
}  // namespace mtmi::conformance
