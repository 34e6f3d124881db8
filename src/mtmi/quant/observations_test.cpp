#include "mtmi/quant/observations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/error.h"
#include "mtmi/quant/histograms_for_tests.h"

namespace mtmi::quant {
namespace {

Observations some_observations() {
  Observations observations;
  observations.context = "context";
  observations.images = {{"first", 1}, {"second, twice", 2}};
  observations.begun = BegunImage{"third", {"normal", "dead"}};
  for (const Sample& sample : synthetic_activations(3000, 1)) {
    observations.tensors.emplace(sample.name, histogram_of(sample.values));
  }
  observations.tensors.emplace("dead", histogram_of(std::vector<float>(17)));
  observations.tensors.emplace("never seen", Histogram());
  return observations;
}

std::string refusal_of(std::span<const std::byte> bytes) {
  try {
    static_cast<void>(decode_observations(bytes));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::InvalidModel) << e.what();
    return e.what();
  }
  return "";
}

TEST(Observations, GoThroughTheirFileUnchanged) {
  const Observations observations = some_observations();
  const std::vector<std::byte> bytes = encode(observations);
  EXPECT_EQ(decode_observations(bytes), observations);
  EXPECT_EQ(encode(decode_observations(bytes)), bytes);
  EXPECT_EQ(observations.num_images(), 3U);
  EXPECT_EQ(decode_observations(encode({})), Observations{});
}

TEST(Observations, EveryCutAndEveryChangedByteIsRefused) {
  const std::vector<std::byte> bytes = encode(some_observations());
  for (std::size_t size = 0; size < bytes.size(); size += size < 100 ? 1 : 997) {
    EXPECT_NE(refusal_of(std::span(bytes).first(size)), "") << size;
  }
  for (std::size_t at = 0; at < bytes.size(); at += at < 100 ? 1 : 991) {
    std::vector<std::byte> changed = bytes;
    changed[at] ^= std::byte{0x10};
    EXPECT_NE(refusal_of(changed), "") << at;
  }
  std::vector<std::byte> longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_NE(refusal_of(longer), "");
}

TEST(Observations, OtherFilesAreNamedAsSuch) {
  const std::string text = "TRT-8611-EntropyCalibration2\n";
  EXPECT_THAT(refusal_of(std::as_bytes(std::span(text))),
              testing::HasSubstr("no observations of this version"));
}

}  // namespace
}  // namespace mtmi::quant
