#include "mtmi/bundle/model_card.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"

namespace mtmi::bundle {
namespace {

Graph network() {
  return parse_text(R"(graph "net" {
    input %image: f32[1,3,8,8]
    %scores: f32[1,4,8,8] = Tanh(%image)
    %seg: s64[1,8,8] = ArgMax(%scores) {axis = 1, keepdims = 0}
    %depth: f32[1,1,8,8] = Sigmoid(%image)
    output %seg
    output %depth
  })");
}

std::string refusal(const char* text) {
  try {
    static_cast<void>(parse_card(text, "net.toml", network()));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(ModelCard, WithoutAFileAnArgMaxIsASegmentation) {
  const ModelCard card = default_card(network());
  EXPECT_EQ(card.inputs.at("image").mean[0], 123.675F);
  EXPECT_EQ(std::get<SegmentationTask>(card.outputs.at("seg")).classes.size(), 4U);
  EXPECT_TRUE(std::holds_alternative<RawTask>(card.outputs.at("depth")));
  EXPECT_FALSE(card.from_file);
}

TEST(ModelCard, FileSaysWhatOutputsMean) {
  const ModelCard card = parse_card(R"(
[model]
name = "two tasks"
[input.image]
color_order = "bgr"
mean = [0, 0, 0]
std = [1, 1, 1]
scale = 0.00392156862745098
size_policy = "letterbox"
[output.seg]
task = "segmentation"
classes = [{ name = "void", color = [0, 0, 0] }, { name = "road", color = [128, 64, 128] }]
[output.depth]
task = "depth"
scale = -80
offset = 80
)",
                                    "net.toml",
                                    network());
  EXPECT_EQ(card.inputs.at("image").color_order, vision::ColorOrder::Bgr);
  EXPECT_EQ(card.inputs.at("image").size_policy, vision::SizePolicy::Letterbox);
  EXPECT_EQ(std::get<SegmentationTask>(card.outputs.at("seg")).classes[1].name, "road");
  EXPECT_EQ(std::get<DepthTask>(card.outputs.at("depth")).offset, 80.0F);
}

TEST(ModelCard, TextReadsBackAsTheSameValue) {
  const ModelCard card = parse_card(R"([output.depth]
task = "depth"
cap = 55.5
canonical_focal = 512)",
                                    "net.toml",
                                    network());
  EXPECT_EQ(std::get<DepthTask>(card.outputs.at("depth")).canonical_focal, 512.0F);
  const ModelCard again = parse_card(to_toml(card), "net.toml", network());
  EXPECT_EQ(again.outputs, card.outputs);
  EXPECT_EQ(again.name, card.name);
  EXPECT_EQ(again.inputs.at("image").mean, card.inputs.at("image").mean);
}

TEST(ModelCard, NamesOfAnyCharactersReadBack) {
  ModelCard card = default_card(network());
  card.name = "two\nlines, a \ttab, a \"quote\", a \\ and \x7F";
  EXPECT_EQ(parse_card(to_toml(card), "net.toml", network()).name, card.name);
}

TEST(ModelCard, MistakesNameTheirLine) {
  EXPECT_EQ(refusal("[output.sgemnt]\ntask = \"raw\"\n"),
            "net.toml: line 1: [output] sgemnt: expected the name of an output of the network");
  EXPECT_EQ(refusal("[output.seg]\ntask = \"boxes\"\n"),
            "net.toml: line 2: [output.seg] task: expected segmentation, depth or raw");
  EXPECT_EQ(refusal("[output.seg]\ntask = \"depth\"\ncanonical_focal = 0\n"),
            "net.toml: line 3: [output.seg] canonical_focal: expected pixels above 0");
  EXPECT_EQ(refusal("[input.image]\nstd = [1, 0, 1]\n"),
            "net.toml: line 2: [input.image] std: expected three numbers above 0");
  EXPECT_EQ(
      refusal("[input.image]\nmaen = [1, 0, 1]\n"),
      "net.toml: line 2: [input.image] unknown key 'maen'; known here: color_order, mean, std, "
      "scale, size_policy");
}

TEST(ModelCard, NumbersThatAFloatCannotHoldAreRefused) {
  EXPECT_EQ(refusal("[output.depth]\ntask = \"depth\"\noffset = 1e300\n"),
            "net.toml: line 3: [output.depth] offset: expected a number that a float32 holds");
  EXPECT_EQ(refusal("[input.image]\nmean = [1, -1e300, 1]\n"),
            "net.toml: line 2: [input.image] mean: expected three finite numbers, each one that a "
            "float32 holds");
}

TEST(ModelCard, OnlyOneImageAtATimeIsAnImage) {
  const Graph batch = parse_text(R"(graph "net" {
    input %image: f32[2,3,8,8]
    %y: f32[2,3,8,8] = Relu(%image)
    output %y
  })");
  EXPECT_TRUE(default_card(batch).inputs.empty());
}

}  // namespace
}  // namespace mtmi::bundle
