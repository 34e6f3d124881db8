#include "mtmi/pipeline.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/api/registry.h"
#include "mtmi/bundle.h"
#include "mtmi/core/file.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/deploy/deploy.h"
#include "mtmi/devices.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"

namespace mtmi {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr int kSize = 8;

ValueId add(Graph& graph,
            const std::string& op,
            std::vector<ValueId> inputs,
            const std::string& output,
            TensorType type,
            Attributes attributes = {}) {
  const ValueId value = graph.add_value(output, std::move(type));
  graph.add_node({.name = output,
                  .op = op,
                  .inputs = std::move(inputs),
                  .outputs = {value},
                  .attributes = std::move(attributes)});
  return value;
}

ValueId add_conv(
    Graph& graph, ValueId x, std::int64_t from, std::int64_t to, const std::string& name) {
  Tensor weights(DType::Float32, {to, from, 1, 1});
  float next = -0.4F;
  for (float& weight : weights.data<float>()) {
    weight = next;
    next = next > 0.5F ? -0.7F : next + 0.17F;
  }
  const ValueId w = graph.add_constant(name + ".weight", weights);
  return add(
      graph, "Conv", {x, w}, name, {.dtype = DType::Float32, .shape = {1, to, kSize, kSize}});
}

/// An encoder of one convolution; labels of four classes; metres out of a sigmoid.
Graph two_task_network() {
  Graph graph;
  graph.name = "two_tasks";
  const TensorType image{.dtype = DType::Float32, .shape = {1, 3, kSize, kSize}};
  const ValueId input = graph.add_input("input", image);
  const ValueId feature = add_conv(graph, input, 3, 8, "feature");
  const ValueId scores = add_conv(graph, feature, 8, 4, "scores");
  graph.add_output(add(graph,
                       "ArgMax",
                       {scores},
                       "seg",
                       {.dtype = DType::Int64, .shape = {1, kSize, kSize}},
                       {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}}));
  const TensorType map{.dtype = DType::Float32, .shape = {1, 1, kSize, kSize}};
  const ValueId logit = add_conv(graph, feature, 8, 1, "logit");
  const ValueId sigmoid = add(graph, "Sigmoid", {logit}, "sigmoid", map);
  const ValueId metres = graph.add_constant("80", Tensor::from<float>(Shape{}, {80.0F}));
  graph.add_output(add(graph, "Mul", {sigmoid, metres}, "depth", map));
  return graph;
}

class ApiPipeline : public testing::Test {
 protected:
  ApiPipeline()
      : folder_(
            std::filesystem::path(testing::TempDir()) /
            (std::string("api_") + testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    deploy::DeployOptions options;
    options.model = folder_ / "two_tasks.onnx";
    options.folder = folder_ / "bundle";
    create_folder(folder_);
    onnx::write_model(two_task_network(), options.model, {});
    (void)deploy::deploy(options, built_in_registry(), [](const Progress&) {});
  }

  ~ApiPipeline() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] Bundle open() const { return Bundle::open(folder_ / "bundle"); }

  /// An image whose pixels depend on `seed`.
  static Frame frame_of(std::uint8_t seed, int height = kSize, int width = kSize) {
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(
        static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3);
    for (std::size_t i = 0; i < pixels->size(); ++i) {
      (*pixels)[i] = static_cast<std::uint8_t>(seed * 31U + i * 7U);
    }
    Frame frame;
    frame.id = seed;
    frame.image = ImageView{
        .data = pixels->data(), .height = height, .width = width, .row_bytes = 0, .owner = pixels};
    return frame;
  }

  std::filesystem::path folder_;
};

TEST_F(ApiPipeline, ABundleTellsWhatGoesInAndWhatComesOut) {
  const Bundle bundle = open();
  ASSERT_EQ(bundle.inputs().size(), 1U);
  EXPECT_TRUE(bundle.inputs()[0].is_image);
  ASSERT_EQ(bundle.heads().size(), 2U);
  EXPECT_EQ(bundle.heads()[0].name, "seg");
  EXPECT_EQ(bundle.heads()[0].task, Task::Segmentation);
  EXPECT_EQ(bundle.heads()[0].before_tail.value().name, "scores");
  EXPECT_EQ(bundle.heads()[1].before_tail.value().name, "sigmoid");
}

TEST_F(ApiPipeline, AFrameFromMemoryGivesLabelsAndDepth) {
  const Bundle bundle = open();
  Pipeline pipeline(bundle, {.before_tails = true, .check_frames = true});
  std::vector<Ticket> tickets;
  for (std::uint8_t i = 0; i < 12; ++i) {
    tickets.push_back(pipeline.submit(frame_of(i)));
  }
  for (std::uint8_t i = 0; i < 12; ++i) {
    const std::optional<Result> result = pipeline.wait(tickets[i], 1min);
    ASSERT_TRUE(result.has_value());
    ASSERT_EQ(result->status(), ResultStatus::Done) << result->error()->what();
    EXPECT_EQ(result->id(), i);
    EXPECT_EQ(result->tensor("seg").shape(), (Shape{1, kSize, kSize}));
    const auto depth = result->tensor("depth").data<float>();
    const auto sigmoid = result->before_tail("depth")->data<float>();
    EXPECT_FLOAT_EQ(depth[5], 80.0F * sigmoid[5]);
    EXPECT_TRUE(result->stage_time(0).ran);
  }
  EXPECT_EQ(pipeline.counts().done, 12);
}

// One head of two results: metres behind a tail, boxes past it.
TEST(ApiBundle, WhatGoesPastATailHasNothingBeforeIt) {
  const TemporaryFolder folder;
  deploy::DeployOptions options;
  options.model = folder / "net.onnx";
  options.folder = folder / "bundle";
  options.cut = {.cut = {"f"}, .tail = {}};
  onnx::write_model(parse_text(R"(graph "net" {
    input %x: f32[1,3,8,8]
    const %w: f32[4,3,1,1] = random(1)
    const %v: f32[4,4,1,1] = random(2)
    const %cap: f32[] = [80]
    %f = Conv(%x, %w)
    %other = Sigmoid(%f)
    %neck = Conv(%f, %v)
    %boxes = Relu(%neck)
    %near = Sigmoid(%neck)
    %metres = Mul(%near, %cap)
    output %other
    output %boxes
    output %metres
  })"),
                    options.model,
                    {});
  (void)deploy::deploy(options, built_in_registry(), [](const Progress&) {});
  const Bundle bundle = Bundle::open(options.folder);
  ASSERT_EQ(bundle.heads().size(), 3U);
  EXPECT_EQ(bundle.heads()[1].name, "boxes");
  EXPECT_FALSE(bundle.heads()[1].before_tail.has_value());
  EXPECT_TRUE(bundle.heads()[2].before_tail.has_value());
  Pipeline pipeline(bundle, {.before_tails = true});
  Frame frame;
  frame.tensors.emplace("x", random_tensor(DType::Float32, {1, 3, 8, 8}, 1));
  const std::optional<Result> result = pipeline.wait(pipeline.submit(frame), 1min);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->before_tail("boxes"), nullptr);
  const auto near = result->before_tail("metres")->data<float>();
  EXPECT_FLOAT_EQ(result->tensor("metres").data<float>()[5], 80.0F * near[5]);
}

TEST_F(ApiPipeline, SerialAndOverlappedRunsGiveTheSameBits) {
  const Bundle bundle = open();
  Pipeline overlapped(bundle, {});
  Pipeline serial(bundle, {.serial = true});
  const Ticket a = overlapped.submit(frame_of(3));
  const Ticket b = serial.submit(frame_of(3));
  EXPECT_TRUE(bitwise_equal(overlapped.wait(a, 1min)->tensor("depth"),
                            serial.wait(b, 1min)->tensor("depth")));
}

TEST_F(ApiPipeline, ACallbackGetsResultsInOrderAndMayKeepThem) {
  std::vector<Result> kept;
  PipelineOptions options;
  options.on_result = [&kept](Result result) { kept.push_back(std::move(result)); };
  {
    Pipeline pipeline(open(), std::move(options));
    for (std::uint8_t i = 0; i < 9; ++i) {
      (void)pipeline.submit(frame_of(i));
    }
    pipeline.drain();
  }
  ASSERT_EQ(kept.size(), 9U);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].id(), i);
    EXPECT_EQ(kept[i].tensor("depth").num_elements(), kSize * kSize)
        << "results outlive the pipeline";
  }
}

TEST_F(ApiPipeline, AnImageOfAnotherSizeIsRefusedOrFitted) {
  const Bundle bundle = open();
  Pipeline strict(bundle, {});
  const std::optional<Result> refused = strict.wait(strict.submit(frame_of(1, 5, 9)), 1min);
  EXPECT_EQ(refused->status(), ResultStatus::Failed);
  EXPECT_THAT(refused->error()->what(), HasSubstr("got an image of 5x9, expected 8x8"));
  EXPECT_THROW((void)refused->tensor("seg"), Error);
  Pipeline fitting(bundle, {.fit = ImageFit::Letterbox});
  EXPECT_EQ(fitting.wait(fitting.submit(frame_of(1, 5, 9)), 1min)->status(), ResultStatus::Done);
}

TEST_F(ApiPipeline, TensorsGoInInsteadOfAnImage) {
  const Bundle bundle = open();
  Pipeline pipeline(bundle, {});
  Frame frame;
  frame.tensors["input"] = Tensor(DType::Float32, {1, 3, kSize, kSize});
  EXPECT_EQ(pipeline.wait(pipeline.submit(std::move(frame)), 1min)->status(), ResultStatus::Done);
  EXPECT_THROW((void)pipeline.submit({}), Error);
  Frame wrong;
  wrong.tensors["input"] = Tensor(DType::Float32, {1, 3, kSize, kSize + 1});
  EXPECT_THROW((void)pipeline.submit(std::move(wrong)), Error);
  Frame unknown = frame_of(0);
  unknown.tensors["more"] = Tensor(DType::Float32, {1});
  EXPECT_THROW((void)pipeline.submit(std::move(unknown)), Error);
}

TEST_F(ApiPipeline, ATargetForOtherDevicesIsRefused) {
  const Bundle bundle = open();
  write_file(folder_ / "other.toml", "encoder = \"cpu\"\nheads = [\"dla_sim:0\"]\n");
  try {
    const Pipeline pipeline(bundle, {.target = (folder_ / "other.toml").string()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("the target wants dla_sim:0, the bundle's engine is for cpu"));
  }
}

TEST_F(ApiPipeline, AnEditedBundleIsRefused) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "bundle")) {
    if (entry.path().extension() == ".engine") {
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(200);
      file.put('x');
    }
  }
  EXPECT_THROW((void)open(), Error);
}

TEST(Devices, TheProcessorIsThereAndWhatIsLeftOutSaysWhy) {
  const std::vector<DeviceInfo> all = devices();
  EXPECT_EQ(all[0].name, "cpu:0");
  EXPECT_TRUE(all[0].available);
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const DeviceInfo& device) {
    return !device.available && !device.description.empty();
  }));
}

}  // namespace
}  // namespace mtmi
