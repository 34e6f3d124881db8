// Whole networks rewritten for a DLA: what it refuses before, it takes afterwards.
#include <cmath>
#include <set>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/dla/rules.h"
#include "mtmi/graph/structural_hash.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/deconvolve_by_phases.h"
#include "mtmi/passes/equal_outputs.h"
#include "mtmi/passes/random_network.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::passes {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

Graph typed(const std::string& text) {
  Graph graph = parse_text(text);
  ops::infer_types(graph);
  return graph;
}

Graph for_dla(Graph graph, Accuracy accuracy = Accuracy::Exact) {
  SimplifyOptions options;
  options.target = Target::Dla;
  options.accuracy = accuracy;
  return simplify(std::move(graph), options).graph;
}

/// "Resize dla.resize.sizes" of every refused node.
std::set<std::string> refusals(const Graph& graph) {
  std::set<std::string> result;
  const std::vector<Support> answers = dla::check(graph);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      result.insert(graph.node(graph.order()[i]).op + " " + answers[i].rule());
    }
  }
  return result;
}

void expect_same_outputs(const Graph& before, const Graph& after) {
  const TensorMap inputs = random_inputs(before, 1);
  expect_equal_outputs(interpret(before, inputs), interpret(after, inputs));
}

/// One level of a SegFormer head as exporters write it: a linear layer on tokens, then an
/// enlargement by sizes.
std::string level(int index, int channels, int width, int height_of_map, int factor) {
  const int h = height_of_map;
  return fmt::format(R"(
  input %f{0}: f32[1,{1},{3},{3}]
  const %w{0}: f32[{1},{2}] = random({0})
  const %b{0}: f32[{2}] = random(1{0})
  const %rows{0}: s64[3] = [1, {1}, -1]
  const %map{0}: s64[4] = [1, {2}, {3}, {3}]
  const %sizes{0}: s64[4] = [1, {2}, {4}, {4}]
  %a{0} = Reshape(%f{0}, %rows{0})
  %c{0} = Transpose(%a{0}) {{perm = [0, 2, 1]}}
  %d{0} = MatMul(%c{0}, %w{0})
  %e{0} = Add(%b{0}, %d{0})
  %g{0} = Transpose(%e{0}) {{perm = [0, 2, 1]}}
  %h{0} = Reshape(%g{0}, %map{0})
  %l{0} = Resize(%h{0}, _, _, %sizes{0}) {{coordinate_transformation_mode = "pytorch_half_pixel", mode = "linear"}}
)",
                     index,
                     channels,
                     width,
                     h,
                     h * factor);
}

/// The head for images of `extent` squared.
std::string segformer_head(int extent, int width) {
  return "graph {" + level(1, 8, width, extent / 4, 1) + level(2, 16, width, extent / 8, 2) +
         level(3, 24, width, extent / 16, 4) + level(4, 32, width, extent / 32, 8) +
         fmt::format(R"(
  const %fuse: f32[{0},{1},1,1] = random(21)
  const %scale: f32[{0}] = random(22, 0.5, 1.5)
  const %shift: f32[{0}] = random(23)
  const %last: f32[5,{0},1,1] = random(24)
  const %sizes: s64[4] = [1, 5, {2}, {2}]
  %m = Concat(%l4, %l3, %l2, %l1) {{axis = 1}}
  %n = Conv(%m, %fuse)
  %o = BatchNormalization(%n, %scale, %shift, %shift, %scale)
  %p = Relu(%o)
  %q = Conv(%p, %last)
  %y = Resize(%q, _, _, %sizes) {{coordinate_transformation_mode = "pytorch_half_pixel", mode = "linear"}}
  output %y
}})",
                     width,
                     4 * width,
                     extent);
}

TEST(ForDla, AnExportersHeadIsTakenWholeAfterwards) {
  const Graph before = typed(segformer_head(1024, 256));
  EXPECT_THAT(refusals(before),
              IsSupersetOf({"MatMul dla.rank", "Reshape dla.rank", "Resize dla.resize.sizes"}));
  EXPECT_THAT(refusals(simplify(before).graph),
              testing::ElementsAre("Resize dla.resize.linear_factor"));
  const Graph after = for_dla(before);
  EXPECT_THAT(refusals(after), IsEmpty());
  EXPECT_EQ(dla_fit(after).parts, 1U);
}

TEST(ForDla, AnExportersHeadComputesTheSame) {
  const Graph before = typed(segformer_head(64, 8));
  expect_same_outputs(before, for_dla(before));
}

TEST(ForDla, EightTimesAsFourTimesTwiceIsNearButNotTheSame) {
  const Graph before = typed(R"(graph {
    input %x: f32[1,4,32,32]
    const %scales: f32[4] = [1, 1, 8, 8]
    %y = Resize(%x, _, %scales) {mode = "linear"}
    output %y
  })");
  const Graph after = for_dla(before, Accuracy::Approximate);
  EXPECT_EQ(after.order().size(), 2U);
  EXPECT_THAT(refusals(after), IsEmpty());
  const TensorMap inputs = random_inputs(before, 1);
  const TensorMap expected = interpret(before, inputs);
  const TensorMap got = interpret(after, inputs);
  const auto a = expected.at("y").data<float>();
  const auto b = got.at("y").data<float>();
  double signal = 0;
  double difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    signal += static_cast<double>(a[i]) * static_cast<double>(a[i]);
    difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
  }
  const double relative = std::sqrt(difference / signal);
  EXPECT_GT(relative, 0.04);
  EXPECT_LT(relative, 0.09);
}

struct Advised {
  const char* title;
  const char* text;
};

void PrintTo(const Advised& advised, std::ostream* out) {
  *out << advised.title;
}

/// Networks of one map %x, or more, to %y.
constexpr Advised kAdvised[] = {
    {"Clip", "const %l: f32[] = [-2] const %h: f32[] = [0.5] %y = Clip(%x, %l, %h)"},
    {"LowerClip", "const %l: f32[] = [-2] %y = Clip(%x, %l)"},
    {"HardSwish", "%y = HardSwish(%x)"},
    {"HardSigmoid", "%y = HardSigmoid(%x)"},
    {"Squeeze",
     "const %w: f32[8,8] = random(1) %a = GlobalAveragePool(%x) const %s: s64[2] = [2, "
     "3] %b = Squeeze(%a, %s) %c = Gemm(%b, %w) %d = Unsqueeze(%c, %s) %y = Mul(%x, %d)"},
    {"Mean", "%y = Mean(%x, %z)"},
    {"Min", "%y = Min(%x, %z)"},
    {"Neg", "%y = Neg(%x)"},
    {"DepthToSpace", "%y = DepthToSpace(%x) {blocksize = 2}"},
    {"SpaceToDepth", "%y = SpaceToDepth(%x) {blocksize = 2}"},
    {"GlobalAveragePool", "%y = GlobalAveragePool(%x)"},
    {"ReduceMean", "const %a: s64[2] = [2, 3] %y = ReduceMean(%x, %a)"},
    {"ReduceSum", "const %a: s64[1] = [1] %y = ReduceSum(%x, %a)"},
    {"GlobalMaxPool", "%y = GlobalMaxPool(%x)"},
    {"Square", "const %two: f32[] = [2] %y = Pow(%x, %two)"},
    {"Quotient", "const %two: f32[] = [2] %y = Div(%x, %two)"},
    {"LinearResize", "const %s: f32[4] = [1, 1, 8, 6] %y = Resize(%x, _, %s) {mode = \"linear\"}"},
    {"NearestResize", "const %s: f32[4] = [1, 1, 64, 2] %y = Resize(%x, _, %s)"},
    {"PaddedDeconvolution",
     "const %w: f32[8,8,4,4] = random(1) %y = ConvTranspose(%x, %w) {pads = [1, 1, 1, 1], strides "
     "= [2, 2]}"},
    {"OutputPadding",
     "const %w: f32[8,8,3,3] = random(1) %y = ConvTranspose(%x, %w) {output_padding = [1, 1], "
     "strides = [2, 2]}"},
    {"DilatedDeconvolution",
     "const %w: f32[8,8,3,3] = random(1) %y = ConvTranspose(%x, %w) {dilations = [2, 2]}"},
    {"GroupedDeconvolution",
     "const %w: f32[8,1,2,2] = random(1) %y = ConvTranspose(%x, %w) {group = 8, strides = [2, 2]}"},
    {"RowsOfAMap",
     "const %w: f32[8,8] = random(1) const %b: f32[8] = random(2) %r = Transpose(%x) {perm = [0, "
     "2, 3, 1]} %a = MatMul(%r, %w) %b1 = Add(%a, %b) %c = Relu(%b1) %d = MatMul(%c, %w) %y = "
     "Transpose(%d) {perm = [0, 3, 1, 2]}"},
    {"WideConvolution",
     "const %w: f32[4,64,3,3] = random(1) const %s: f32[4] = [1, 1, 1, 32] %a = Concat(%x, %z, %x, "
     "%z, %x, %z, %x, %z) {axis = 1} %b = Resize(%a, _, %s) %c = Resize(%b, _, %s) %y = Conv(%c, "
     "%w) {pads = [1, 1, 1, 1]}"},
};

class AdvisedRewrite : public testing::TestWithParam<Advised> {
 protected:
  AdvisedRewrite()
      : before_(typed(std::string("graph { input %x: f32[1,8,4,4] input %z: f32[1,8,4,4] ") +
                      GetParam().text + " output %y }")) {}

  Graph before_;
};

TEST_P(AdvisedRewrite, IsNamedByCheckAndCuresTheRefusal) {
  const Graph canonical = simplify(before_).graph;
  ASSERT_THAT(refusals(canonical), testing::Not(IsEmpty()));
  for (const Support& answer : dla::check(canonical)) {
    if (!answer) {
      EXPECT_THAT(answer.suggestion(), HasSubstr("mtmi simplify --for dla"));
    }
  }
  EXPECT_THAT(refusals(for_dla(before_)), IsEmpty());
}

TEST_P(AdvisedRewrite, ComputesTheSame) {
  expect_same_outputs(before_, for_dla(before_));
}

TEST_P(AdvisedRewrite, IsNotUndoneByTheCanonicalForm) {
  const Graph after = for_dla(before_);
  EXPECT_THAT(refusals(simplify(after).graph), IsEmpty());
  EXPECT_EQ(structural_hash(for_dla(after)), structural_hash(after));
}

std::string title_of(const testing::TestParamInfo<Advised>& test) {
  return test.param.title;
}

INSTANTIATE_TEST_SUITE_P(ForDla, AdvisedRewrite, testing::ValuesIn(kAdvised), title_of);

TEST(ForDla, EveryPooledResizeIsTheLinearOne) {
  for (const int rows : {1, 2, 5}) {
    for (const int factor : {5, 6, 7, 8}) {
      for (const int other : {1, 2, 3, 4, 7, 8}) {
        const Graph before = typed(fmt::format(R"(graph {{
          input %x: f32[1,2,{},3]
          const %s: f32[4] = [1, 1, {}, {}]
          %y = Resize(%x, _, %s) {{mode = "linear"}}
          output %y
        }})",
                                               rows,
                                               factor,
                                               other));
        const Graph after = for_dla(before);
        SCOPED_TRACE(to_text(before));
        EXPECT_THAT(refusals(after), IsEmpty());
        expect_same_outputs(before, after);
      }
    }
  }
}

/// A ConvTranspose of random geometry.
std::string random_deconvolution(Random& random) {
  const auto pick = [&random](std::uint64_t below) {
    return static_cast<int>(random.below(below));
  };
  const int groups = 1 + pick(2);
  const int kernel = 2 + pick(3);
  const int stride = 1 + pick(3);
  const int padding = stride > 1 ? pick(static_cast<std::uint64_t>(stride)) : 0;
  return fmt::format(R"(graph {{
    input %x: f32[1,{},3,4]
    const %w: f32[{},2,{},3] = random(1)
    const %b: f32[{}] = random(2)
    %y = ConvTranspose(%x, %w, %b) {{dilations = [{}, 1], group = {}, output_padding = [{}, 0], pads = [{}, {}, {}, 1], strides = [{}, 2]}}
    output %y
  }})",
                     2 * groups,
                     2 * groups,
                     kernel,
                     2 * groups,
                     1 + pick(2),
                     groups,
                     padding,
                     pick(2),
                     pick(2),
                     pick(2),
                     stride);
}

TEST(ForDla, EveryDeconvolutionComputesTheSamePlainAndByPhases) {
  Random random(7);
  for (int i = 0; i < 100; ++i) {
    const Graph before = typed(random_deconvolution(random));
    const Graph after = for_dla(before);
    SCOPED_TRACE(to_text(before));
    EXPECT_THAT(refusals(after), IsEmpty());
    expect_same_outputs(before, after);
    expect_same_outputs(before, deconvolve_by_phases(before));
  }
}

TEST(ForDla, EveryClipIsWrittenFromZero) {
  Random random(8);
  for (int i = 0; i < 50; ++i) {
    const float low = random.uniform(-2.0F, 1.0F);
    const float high = low + std::exp2(random.uniform(-12.0F, 12.0F));
    const Graph before = typed(fmt::format(R"(graph {{
      input %x: f32[1,2,4,4]
      const %low: f32[] = [{}]
      const %high: f32[] = [{}]
      %y = Clip(%x, %low, %high)
      output %y
    }})",
                                           low,
                                           high));
    const Graph after = for_dla(before);
    SCOPED_TRACE(to_text(before));
    EXPECT_THAT(refusals(after), IsEmpty());
    expect_same_outputs(before, after);
  }
}

TEST(ForDla, GroupNormalizationStaysRefusedWithAdvice) {
  const Graph graph = for_dla(typed(R"(graph {
    input %x: f32[1,8,4,4]
    const %w: f32[8,8,1,1] = random(1)
    const %s: f32[8] = random(2)
    %a = Conv(%x, %w)
    %b = GroupNormalization(%a, %s, %s) {num_groups = 2}
    %y = Relu(%b)
    output %y
  })"));
  const std::vector<Support> answers = dla::check(graph);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_TRUE(answers[0]);
  EXPECT_EQ(answers[1].rule(), "dla.op.not_supported");
  EXPECT_EQ(answers[1].reason(), "no layer of a DLA computes GroupNormalization");
  EXPECT_THAT(answers[1].suggestion(), HasSubstr("train with BatchNormalization"));
  EXPECT_TRUE(answers[2]);
}

class RandomNetworkForDla : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomNetworkForDla, FitsNoWorseAndComputesTheSame) {
  const Graph before = simplify(random_network(GetParam())).graph;
  const Graph after = for_dla(before);
  EXPECT_LE(dla_fit(after), dla_fit(before));
  expect_same_outputs(before, after);
  if (dla_fit(before).refused == 0) {
    EXPECT_EQ(to_text(after), to_text(before));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworkForDla, testing::Range<std::uint64_t>(0, 40));

}  // namespace
}  // namespace mtmi::passes
