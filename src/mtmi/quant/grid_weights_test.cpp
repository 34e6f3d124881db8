#include "mtmi/quant/grid_weights.h"

#include <cmath>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "mtmi/core/axis_split.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::quant {
namespace {

constexpr float kSrcScale = 0.02F;

/// The one node that makes %y, in front of which stand constants %w, %b and inputs %x [1,4,8,8] and
/// %v [8,4].
Graph graph_of(const std::string& body) {
  Graph graph = parse_text("graph \"g\" {\n input %x: f32[1,4,8,8]\n input %v: f32[8,4]\n" + body +
                           "\n output %y\n}");
  ops::infer_types(graph);
  return graph;
}

std::optional<GridWeights> grid_of(const Graph& graph) {
  return grid_weights(graph, graph.order().front(), kSrcScale);
}

/// Every weight is an integer of [-127, 127] times its channel's scale, no further from what it was
/// than half a step; and the same of the bias.
void expect_on_grid(const Graph& graph, const GridWeights& grid) {
  const Node& node = graph.node(graph.order().front());
  const Tensor& before = *graph.value(node.inputs[1]).constant;
  const AxisSplit split = split_at_axis(before.shape(), grid.axis);
  ASSERT_EQ(grid.scales.shape(), Shape{split.extent});
  ASSERT_EQ(grid.weights.shape(), before.shape());
  const auto was = before.data<float>();
  const auto is = grid.weights.data<float>();
  for (std::size_t i = 0; i < is.size(); ++i) {
    const auto channel =
        i / static_cast<std::size_t>(split.inner) % static_cast<std::size_t>(split.extent);
    const float scale = grid.scales.data<float>()[channel];
    const float q = std::nearbyint(is[i] / scale);
    EXPECT_LE(std::abs(q), 127);
    EXPECT_EQ(q * scale, is[i]) << i;
    EXPECT_LE(std::abs(was[i] - is[i]), 0.5001F * scale) << i;
  }
  if (grid.bias) {
    const auto bias = graph.value(node.inputs[2]).constant->data<float>();
    for (std::size_t k = 0; k < bias.size(); ++k) {
      const float step = kSrcScale * grid.scales.data<float>()[k];
      EXPECT_NEAR(grid.bias->data<float>()[k], bias[k], 0.5001F * step);
    }
  }
}

TEST(GridWeights, LieOnTheGridOfTheirOutputChannel) {
  const std::string b8 = "const %b: f32[8] = random(2)\n";

  const struct {
    std::string body;
    int axis;
  } cases[] = {
      {"const %w: f32[8,4,3,3] = random(1)\n" + b8 + "%y = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}",
       0},
      {"const %w: f32[8,4,1,1] = random(1)\n%y = Conv(%x, %w)", 0},
      {"const %w: f32[4,1,3,3] = random(1)\n%y = Conv(%x, %w) {group = 4}", 0},
      {"const %w: f32[4,8,2,2] = random(1)\n" + b8 +
           "%y = ConvTranspose(%x, %w, %b) {strides = [2, 2]}",
       1},
      {"const %w: f32[4,8] = random(1)\n" + b8 + "%y = Gemm(%v, %w, %b)", 1},
      {"const %w: f32[8,4] = random(1)\n" + b8 + "%y = Gemm(%v, %w, %b) {transB = 1}", 0},
      {"const %w: f32[4,8] = random(1)\n%y = MatMul(%v, %w)", 1},
  };

  for (const auto& one : cases) {
    const Graph graph = graph_of(one.body);
    const auto grid = grid_of(graph);
    ASSERT_TRUE(grid) << one.body;
    EXPECT_EQ(grid->axis, one.axis) << one.body;
    expect_on_grid(graph, *grid);
  }
}

TEST(GridWeights, LargestMagnitudeOfAChannelIs127Steps) {
  const auto grid =
      grid_of(graph_of("const %w: f32[2,4,1,1] = [0.5, 1, -3, 2, 0, 0, 0, 0]\n"
                       "%y = Conv(%x, %w)"));
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->scales.data<float>()[0], static_cast<float>(3.0 / 127));
  EXPECT_EQ(grid->scales.data<float>()[1], 1);  // of a channel of zeros
}

TEST(GridWeights, TiesGoAwayFromZero) {
  const auto grid =
      grid_of(graph_of("const %w: f32[1,4,1,1] = [127, 0.5, -0.5, 2.5]\n"
                       "%y = Conv(%x, %w)"));
  ASSERT_TRUE(grid);
  const auto weights = grid->weights.data<float>();
  EXPECT_EQ(weights[1], 1);
  EXPECT_EQ(weights[2], -1);
  EXPECT_EQ(weights[3], 3);
}

TEST(GridWeights, LargeBiasWidensTheScale) {
  // So that it fits into 31 bits of steps of kSrcScale * scale.
  const auto grid =
      grid_of(graph_of("const %w: f32[1,4,1,1] = splat(1e-9)\n"
                       "const %b: f32[1] = [100]\n%y = Conv(%x, %w, %b)"));
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->scales.data<float>()[0],
            static_cast<float>(100 / (static_cast<double>(kSrcScale) * 0x1p30)));
  EXPECT_NEAR(grid->bias->data<float>()[0], 100, 1e-5);
}

TEST(GridWeights, NoneWhereNoAxisStandsForTheChannels) {
  for (const std::string body :
       {"%y = Relu(%x)",
        "const %w: f32[4,4,2,2] = random(1)\n%y = ConvTranspose(%x, %w) {group = 2}",
        "const %w: f32[4,8] = random(1)\n%y = Gemm(%v, %w) {alpha = 0.5}",
        "const %w: f32[4] = random(1)\n%y = MatMul(%v, %w)",
        "input %w: f32[8,4,1,1]\n%y = Conv(%x, %w)",
        "const %w: f32[4,8] = random(1)\nconst %b: f32[] = [1]\n%y = Gemm(%v, %w, %b)"}) {
    EXPECT_FALSE(grid_of(graph_of(body))) << body;
  }
}

TEST(GridShift, LiesOnTheGridOfAnUnchangedSum) {
  const Tensor grid = grid_shift(Tensor::from<float>(Shape{2}, {3, -0.001F}), 0.5F);
  const double step = 0.5 * static_cast<double>(static_cast<float>(1.0 / 127));
  EXPECT_EQ(grid.data<float>()[0], static_cast<float>(762 * step));
  EXPECT_EQ(grid.data<float>()[1], 0);
}

TEST(GridChoice, IsTheNearestThatInt8Holds) {
  const Tensor grid = grid_choice(Tensor::from<float>(Shape{4}, {3, 0.25F, -0.25F, 1000.1F}), 0.5F);
  EXPECT_TRUE(bitwise_equal(grid, Tensor::from<float>(Shape{4}, {3, 0.5F, -0.5F, 63.5F})));
}

TEST(GridWeights, WeightThatIsNotFiniteIsNamed) {
  try {
    static_cast<void>(
        grid_of(graph_of("const %w: f32[1,4,1,1] = [1, inf, 1, 1]\n"
                         "%y = Conv(%x, %w) \"conv1\"")));
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "node 'conv1' (Conv): got a weight that is not finite, expected none");
  }
}

}  // namespace
}  // namespace mtmi::quant
