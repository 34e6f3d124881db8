#include "mtmi/eval/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/agreement.h"
#include "mtmi/error.h"
#include "mtmi/eval/eval_for_tests.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"

namespace mtmi::eval {
namespace {

TEST(Network, ADynamicInputTakesTheSizeOfTheScenes) {
  const SmallNetwork small;
  const Network network = small.load();
  EXPECT_EQ(network.input, "image");
  EXPECT_EQ(network.input_shape, (Shape{1, 3, 32, 64}));
  EXPECT_EQ(network.parts.heads.size(), 2U);
}

TEST(Network, AShapeThatIsGivenWins) {
  const SmallNetwork small;
  const Network network =
      load_network(small.model(), {{"image", Shape{1, 3, 64, 64}}}, SceneSet(small.scenes()));
  EXPECT_EQ(network.input_shape, (Shape{1, 3, 64, 64}));
}

TEST(Network, EncoderAndHeadsGiveWhatTheWholeGives) {
  const SmallNetwork small;
  const Network network = small.load();
  const TensorMap values = small.prepare(network, 1).front().values;
  const TensorMap got = make_float_variant(registry_for_tests(), network).model(values);

  Session whole(
      registry_for_tests().backend("cpu"),
      passes::specialize(onnx::read_model(small.model()).graph, {{"image", network.input_shape}}),
      CompileOptions{});
  const TensorMap expected = whole.run({{"image", values.at("image")}});
  EXPECT_LT(compare(expected.at("depth"), got.at("depth")).max_difference, 1e-3);
  EXPECT_EQ(compare(expected.at("seg"), got.at("seg")).equal_fraction, 1.0);
}

TEST(Network, OfOneOutputIsAllEncoder) {
  const SmallNetwork small;
  const std::filesystem::path file = small.folder() / "one.onnx";
  onnx::write_model(parse_text(R"(graph "one" {
  input %image: f32[1,3,32,64]
  const %w: f32[19,3,1,1] = random(1)
  %s = Conv(%image, %w)
  %seg = ArgMax(%s) {axis = 1, keepdims = 0}
  output %seg
})"),
                    file);
  const Network network = load_network(file, {}, SceneSet(small.scenes()));
  EXPECT_TRUE(network.parts.heads.empty());
  const TensorMap values = small.prepare(network, 1).front().values;
  const TensorMap outputs = make_float_variant(registry_for_tests(), network).model(values);
  EXPECT_TRUE(outputs.contains("seg"));
}

TEST(Network, OfTwoInputsIsRefused) {
  const SmallNetwork small;
  const std::filesystem::path file = small.folder() / "two.onnx";
  onnx::write_model(parse_text(R"(graph "two" {
  input %left: f32[1,3,32,64]
  input %right: f32[1,3,32,64]
  %sum = Add(%left, %right)
  output %sum
})"),
                    file);
  try {
    static_cast<void>(load_network(file, {}, SceneSet(small.scenes())));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
    EXPECT_THAT(error.what(), testing::HasSubstr("2 inputs"));
  }
}

}  // namespace
}  // namespace mtmi::eval
