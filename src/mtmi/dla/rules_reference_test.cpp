// The rules on the reference network: heads that run whole, an encoder that does not.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/dla/loadables.h"
#include "mtmi/dla/rules.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/split/split.h"
#include "mtmi/zoo/mtmi_b0.h"

namespace mtmi::dla {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

split::Split parts_at(std::int64_t width) {
  zoo::MtmiB0Options options;
  options.height = 64;
  options.width = width;
  return split::split_graph(passes::simplify(zoo::make_mtmi_b0(options)).graph, {});
}

/// Rule and reason of every refused node, by its name.
std::map<std::string, Support> refusals(const Graph& graph) {
  std::map<std::string, Support> result;
  const std::vector<Support> answers = check(graph);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      result.emplace(describe_node(graph, graph.order()[i]), answers[i]);
    }
  }
  return result;
}

TEST(ReferenceNetwork, HeadsAreOneLoadableEachUpTo1920Columns) {
  for (const std::int64_t width : {512, 1920}) {
    const split::Split parts = parts_at(width);
    ASSERT_EQ(parts.heads.size(), 2U);
    for (const split::Head& head : parts.heads) {
      EXPECT_THAT(refusals(head.graph), IsEmpty()) << head.name << " at " << width;
      EXPECT_EQ(partition(head.graph, check(head.graph)).loadables.size(), 1U) << head.name;
    }
  }
}

TEST(ReferenceNetwork, TheFusingConvolutionAloneIsRefusedAt2048Columns) {
  for (const split::Head& head : parts_at(2048).heads) {
    const auto refused = refusals(head.graph);
    if (head.name != "seg") {
      EXPECT_THAT(refused, IsEmpty()) << head.name;
      continue;
    }
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_THAT(refused.begin()->first, HasSubstr("fuse"));
    EXPECT_EQ(refused.begin()->second.rule(), "dla.conv.convolution_buffer");
    EXPECT_THAT(refused.begin()->second.reason(), HasSubstr("got 17 (1 for weights, 16 for 1024"));
  }
}

TEST(ReferenceNetwork, TheFusingConvolutionIsAcceptedInTwoPartsAt2048Columns) {
  for (const split::Head& head : parts_at(2048).heads) {
    const passes::PipelineResult result = passes::run_pipeline(head.graph, passes::dla_passes());
    EXPECT_THAT(refusals(result.graph), IsEmpty()) << head.name;
    const std::size_t added = head.name == "seg" ? 2 : 0;  // a Conv and an Add
    EXPECT_EQ(result.graph.order().size(), head.graph.order().size() + added) << head.name;
  }
}

TEST(ReferenceNetwork, TheEncoderIsRefusedForItsTransformer) {
  const Graph encoder = parts_at(512).encoder;
  std::set<std::string> refused;
  const std::vector<Support> answers = check(encoder);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Node& node = encoder.node(encoder.order()[i]);
    if (!answers[i]) {
      refused.insert(node.op + " " + answers[i].rule());
    }
  }
  for (const char* op : {"LayerNormalization", "Gelu", "Attention"}) {
    EXPECT_THAT(refused, Contains(op + std::string(" dla.op.not_supported")));
  }
  EXPECT_TRUE(
      std::any_of(answers.begin(), answers.end(), [](const Support& s) { return bool{s}; }));
  EXPECT_GT(partition(encoder, answers).loadables.size(), 1U);
}

TEST(ReferenceNetwork, AttentionWrittenOutIsRefusedForItsProductsOfTwoActivations) {
  const auto refused = refusals(passes::expand_for_onnx(parts_at(512).encoder));
  EXPECT_TRUE(std::any_of(refused.begin(), refused.end(), [](const auto& entry) {
    return entry.second.rule() == "dla.matmul.two_activations";
  }));
}

}  // namespace
}  // namespace mtmi::dla
