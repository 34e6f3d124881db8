#include "mtmi/quant/calibrator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <span>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/half.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/random.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi::quant {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kTensors{"in", "relu", "out"};

/// Images of one number each, which seeds what the "network" makes of it.
class StandIn : public CalibrationImages {
 public:
  explicit StandIn(std::vector<std::uint64_t> seeds) : seeds_(std::move(seeds)) {}

  [[nodiscard]] std::size_t size() const override { return seeds_.size(); }

  [[nodiscard]] std::string name(std::size_t i) const override {
    return "image" + std::to_string(seeds_[i]);
  }

  [[nodiscard]] std::string digest(std::size_t i) override {
    return hash_hex(std::as_bytes(std::span(&seeds_[i], 1)));
  }

  void run(std::size_t i, const TensorObserver& observe) override {
    ++runs;
    Random random(seeds_[i]);
    Tensor tensor(DType::Float32, {3000});
    const auto values = tensor.data<float>();
    const float scale = 1.0F + static_cast<float>(seeds_[i] % 7);
    std::generate(values.begin(), values.end(), [&] { return scale * random.normal(); });
    if (seeds_[i] == poisoned) {
      values[5] = std::nanf("");
    }
    observe("in", tensor);
    if (seeds_[i] == interrupted_at) {
      throw Error(ErrorCode::Interrupted, "test", "interrupted");
    }
    observe("labels", Tensor(DType::Int64, {4}));  // nobody asked for them
    for (float& value : values) {
      value = std::max(value, 0.0F);
    }
    observe("relu", tensor);
    if (seeds_[i] != incomplete) {
      observe("out", tensor);
    }
  }

  std::uint64_t poisoned = UINT64_MAX;
  std::uint64_t incomplete = UINT64_MAX;
  std::uint64_t interrupted_at = UINT64_MAX;
  int runs = 0;

 private:
  std::vector<std::uint64_t> seeds_;
};

/// Ends the work behind `count` images, as a fault would.
class Ended : public std::exception {};

CalibratorOptions saving_to(const std::filesystem::path& path, std::size_t end_behind = SIZE_MAX) {
  CalibratorOptions options;
  options.state_file = path;
  options.save_every = std::chrono::milliseconds(0);
  options.progress = [end_behind](std::size_t done) {
    if (done == end_behind) {  // the state has been saved
      throw Ended();
    }
  };
  return options;
}

std::string error_of(StandIn& images, const CalibratorOptions& options = {}) {
  try {
    static_cast<void>(observe_images(images, kTensors, "context", options));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::InvalidModel);
    return e.what();
  }
  return "";
}

TEST(Calibrator, OrderOfImagesChangesNothing) {
  StandIn forward({1, 2, 3, 4, 5, 2});
  StandIn backward({2, 5, 4, 3, 2, 1});
  const Observations seen = observe_images(forward, kTensors, "context", {});
  EXPECT_EQ(encode(observe_images(backward, kTensors, "context", {})), encode(seen));
  EXPECT_EQ(seen.num_images(), 6U);
  EXPECT_EQ(seen.tensors.at("in").count(), 6U * 3000U);
  EXPECT_GT(seen.tensors.at("relu").zeros(), 6U * 1000U);
}

TEST(Calibrator, GoesOnBehindTheFinishedImages) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "state";
  const std::vector<std::uint64_t> seeds{1, 2, 3, 2, 4, 5};
  StandIn whole(seeds);
  const Observations expected = observe_images(whole, kTensors, "context", {});
  for (std::size_t end = 1; end < seeds.size(); ++end) {
    StandIn first(seeds);
    EXPECT_THROW(
        static_cast<void>(observe_images(first, kTensors, "context", saving_to(path, end))), Ended);
    std::vector<std::uint64_t> other_order(seeds.rbegin(), seeds.rend());
    StandIn second(other_order);
    EXPECT_EQ(observe_images(second, kTensors, "context", saving_to(path)), expected);
    EXPECT_EQ(second.runs, static_cast<int>(seeds.size() - end));
    remove_state(path);
    EXPECT_FALSE(std::filesystem::exists(path));
  }
}

TEST(Calibrator, GoesOnInTheMiddleOfAnImage) {
  const TemporaryFolder folder;
  CalibratorOptions options;  // saves when it is interrupted only
  options.state_file = folder.path() / "state";
  StandIn whole({1, 2, 3});
  const Observations expected = observe_images(whole, kTensors, "context", {});
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    StandIn first({1, 2, 3});
    first.interrupted_at = seed;
    EXPECT_THROW(static_cast<void>(observe_images(first, kTensors, "context", options)), Error);
    StandIn again({3, 2, 1});
    again.interrupted_at = seed;  // once more, in the same place
    EXPECT_THROW(static_cast<void>(observe_images(again, kTensors, "context", options)), Error);
    EXPECT_EQ(again.runs, 1);
    StandIn last({3, 2, 1});
    EXPECT_EQ(observe_images(last, kTensors, "context", options), expected);
    EXPECT_EQ(last.runs, static_cast<int>(4 - seed));
    remove_state(options.state_file);
  }
}

TEST(Calibrator, KeepsAllThatWasCountedForLongWorkBehindIt) {
  const TemporaryFolder folder;
  CalibratorOptions options;
  options.state_file = folder.path() / "state";
  options.save_at_end = true;
  StandIn first({1, 2, 3});
  const Observations expected = observe_images(first, kTensors, "context", options);
  StandIn second({1, 2, 3});
  EXPECT_EQ(observe_images(second, kTensors, "context", options), expected);
  EXPECT_EQ(second.runs, 0);
}

TEST(Calibrator, StateOfOtherWorkIsNotUsed) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "state";
  StandIn some({1, 2, 3});
  const Observations seen = observe_images(some, kTensors, "context", saving_to(path));
  const auto runs_with = [&](std::vector<std::uint64_t> seeds,
                             const std::vector<std::string>& tensors,
                             const std::string& context) {
    write_file(path, encode(seen));
    StandIn images(std::move(seeds));
    const Observations again = observe_images(images, tensors, context, saving_to(path));
    EXPECT_EQ(again.num_images(), images.size());
    return images.runs;
  };
  EXPECT_EQ(runs_with({1, 2, 3}, kTensors, "context"), 0);
  EXPECT_EQ(runs_with({3, 4, 2, 1}, kTensors, "context"), 1);
  EXPECT_EQ(runs_with({1, 2, 3}, kTensors, "another network"), 3);
  EXPECT_EQ(runs_with({1, 2, 3}, {"in", "out"}, "context"), 3);
  EXPECT_EQ(runs_with({1, 2, 4}, kTensors, "context"), 3);  // 3 is not among them
  EXPECT_EQ(runs_with({1, 1, 2}, kTensors, "context"), 3);
}

TEST(Calibrator, DamagedStateIsNamedAndTheWorkStartsAnew) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "state";
  std::ofstream(path) << "mtmi observations 1\nnot at all";
  StandIn images({1, 2});
  testing::internal::CaptureStderr();
  const Observations seen = observe_images(images, kTensors, "context", saving_to(path));
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr(path.string()));
  EXPECT_THAT(said, HasSubstr("cut off"));
  EXPECT_EQ(images.runs, 2);
  EXPECT_EQ(decode_observations(MappedFile(path).bytes()), seen);  // written over
}

TEST(Calibrator, ValueThatIsNotFiniteIsNamedWithTensorAndImage) {
  const TemporaryFolder folder;
  StandIn images({1, 2, 3});
  images.poisoned = 2;
  const std::string said = error_of(images, saving_to(folder.path() / "state"));
  EXPECT_THAT(said, HasSubstr("image2: tensor 'in' holds NaN at element 5"));
  StandIn mended({1, 2, 3});  // the finished image before it was kept
  static_cast<void>(
      observe_images(mended, kTensors, "context", saving_to(folder.path() / "state")));
  EXPECT_EQ(mended.runs, 2);
}

/// One image of one tensor.
class OneTensor : public CalibrationImages {
 public:
  explicit OneTensor(Tensor tensor) : tensor_(std::move(tensor)) {}

  [[nodiscard]] std::size_t size() const override { return 1; }

  [[nodiscard]] std::string name(std::size_t /*i*/) const override { return "image"; }

  [[nodiscard]] std::string digest(std::size_t /*i*/) override { return "image"; }

  void run(std::size_t /*i*/, const TensorObserver& observe) override { observe("x", tensor_); }

 private:
  Tensor tensor_;
};

TEST(Calibrator, CountsEveryTypeOfFloatingPoint) {
  const auto seen = [](Tensor tensor) {
    OneTensor images(std::move(tensor));
    return observe_images(images, {"x"}, "", {}).tensors.at("x");
  };
  const Histogram expected = seen(Tensor::from<float>({3}, {-2.0F, 0.0F, 0.5F}));
  EXPECT_EQ(seen(Tensor::from<double>({3}, {-2.0, 0.0, 0.5})), expected);
  EXPECT_EQ(
      seen(Tensor::from<Float16>({3}, {to_float16(-2.0F), to_float16(0.0F), to_float16(0.5F)})),
      expected);
  EXPECT_EQ(
      seen(Tensor::from<BFloat16>({3}, {to_bfloat16(-2.0F), to_bfloat16(0.0F), to_bfloat16(0.5F)})),
      expected);
}

TEST(Calibrator, TensorThatWasNotComputedIsNamed) {
  StandIn images({1, 2});
  images.incomplete = 2;
  EXPECT_THAT(error_of(images), HasSubstr("image2: tensor 'out' was not computed"));
}

}  // namespace
}  // namespace mtmi::quant
